"""The demo, run once for all its tests, in an instance of its own."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from app.config import read_configuration
from app.demo import run_demo


@dataclass(frozen=True)
class Demo:
    out: Path
    summary: dict
    root_pem: bytes

    def read(self, name: str) -> bytes:
        return (self.out / name).read_bytes()

    def record(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(BytesIO(self.read("record.zip")))

    def manifest(self) -> dict:
        return json.loads(self.record().read("manifest.json"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Demo:
    instance, out = tmp_path_factory.mktemp("demo-instance"), tmp_path_factory.mktemp("demo-out")
    summary = run_demo(read_configuration({}, instance=instance), out)
    with zipfile.ZipFile(out / "record.zip") as record:
        return Demo(out, summary, record.read("ca/root.pem"))
