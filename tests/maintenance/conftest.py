"""A real installation, made once and copied for each test."""

from __future__ import annotations

import shutil

import pytest

from app.config import read_configuration
from app.domain.actor import Part
from app.installation import open_installation
from app.services.accounts import add_account


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """An installation with keys, two stored files and an account; copied for each test."""
    folder = tmp_path_factory.mktemp("made")
    configuration = read_configuration({}, instance=folder)
    installation = open_installation(configuration, organisation="Larkfield", country="GB")
    installation.toolkit.files.put(b"a signed agreement")
    installation.toolkit.files.put(b"another")
    add_account(installation.toolkit, "Nora", "nora@larkfield.example", Part.OWNER)
    installation.configuration.web_secret()
    installation.close()
    return folder


@pytest.fixture
def installation(made, tmp_path):
    home = tmp_path / "instance"
    shutil.copytree(made, home, copy_function=shutil.copy2)
    opened = open_installation(read_configuration({}, instance=home))
    yield opened
    opened.close()
