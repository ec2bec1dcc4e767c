"""The keys of a new installation name the business that its owner entered."""

from __future__ import annotations

import pytest

from app import create_app
from app.domain.errors import KeysUnavailable
from app.installation import open_installation
from app.services.accounts import set_up_url
from app.services.settings import change_business

from .conftest import OWNER, PASSWORD, TOKEN, settings_for

NAMES = ["Larkfield Bookkeeping Ltd", "M\u00fcller & S\u00f6hne \u682a\u5f0f\u4f1a\u793e", "N" * 64]


@pytest.mark.parametrize("name", NAMES)
def test_the_seal_names_the_business_of_the_set_up(tmp_path, name):
    installation = open_installation(settings_for(tmp_path))
    kit = installation.toolkit
    with pytest.raises(KeysUnavailable) as refused:
        kit.credentials.check()
    assert refused.value.code == "keys-before-business"
    assert not installation.configuration.keys.exists()
    client = create_app(installation=installation).test_client()
    path = set_up_url(kit).removeprefix(kit.public_url)
    client.get(path)
    with client.session_transaction() as held:
        assert held["csrf_token"]
    form = {
        "csrf_token": TOKEN.search(client.get(path).text).group(1),
        "name": OWNER[0],
        "email": OWNER[1],
        "password": PASSWORD,
        "password_again": PASSWORD,
        "organisation": name,
        "address": "14 Tanner Row",
        "country": "US-CA",
        "number_prefix": "LB",
    }
    assert client.post(path, data=form).status_code == 302
    (seal,) = [state for state in kit.credentials.check() if state.name == "seal"]
    assert f"O={name}" in seal.subject.replace("\\", "")
    assert "C=US" in seal.subject
    change_business(kit, _owner(kit), {"organisation": "Another name"})
    again = open_installation(installation.configuration)
    assert seal.subject in [state.subject for state in again.toolkit.credentials.check()]
    again.close()
    installation.close()


def _owner(kit):
    with kit.unit_of_work(read_only=True) as unit:
        return unit.accounts.by_email(OWNER[1]).as_actor()
