"""A finished demo, in an instance of its own: its files, its summary and its root."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

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


def finish_demo(instance: Path, out: Path) -> Demo:
    summary = run_demo(read_configuration({}, instance=instance), out)
    with zipfile.ZipFile(out / "record.zip") as record:
        return Demo(out, summary, record.read("ca/root.pem"))
