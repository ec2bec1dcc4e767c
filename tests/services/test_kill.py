"""A kill at any point loses no acknowledged signature and makes none twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.agreement import Agreement
from app.domain.digest import sha256_hex
from app.domain.workflow import AgreementStatus, SignerStatus
from app.persistence.database import open_database
from app.services.audit import verify_log
from app.services.sealing import seal_agreement
from app.signing.verification import verify_pdf
from tests.services.killed import Work, Workshop
from tests.services.sent_agreement import Device, Model, MovableClock, Room, copy_model, make_model

AFTER_LEASES = timedelta(minutes=6)  # that of the envelope and that of a job


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop() as opened:
        yield opened


class Scene:
    """One state of the installation; every piece of work gets its own copy of the database."""

    def __init__(self, model: Model, folder: Path, get_there: Callable[[Room], None]) -> None:
        self._folder = folder
        self._room = copy_model(model, folder)
        get_there(self._room)
        self._room.database.close()
        instance = str(model.database.parent)
        self._work = Work("", instance, "", self._room.envelope_id, self._room.agreement_id, ())

    def work(self, act: str, at: tuple[str, ...], key: str = "") -> Work:
        path = self._folder / f"{act}-{len(list(self._folder.iterdir()))}.sqlite"
        shutil.copy(self._folder / "copy.sqlite", path)
        return replace(self._work, act=act, database=str(path), at=at, key=key)

    def afterwards(self, work: Work) -> Room:
        """What the next process finds, when all leases have run out."""
        clock = MovableClock()
        clock.ahead = AFTER_LEASES
        database = open_database(f"sqlite:///{work.database}", clock.now)
        kit = replace(self._room.kit, unit_of_work=database.unit_of_work, clock=clock)
        return replace(self._room, kit=kit, database=database, clock=clock)


FINISHED = "after credentials.finish"
ARCHIVED = "after credentials.archive"
# Where the signer's work is killed, and whether the signature is there then.
SIGNING = {
    ("after files.put",): False,  # prepared, and nobody knows of it
    (FINISHED, "after files.put"): False,
    (FINISHED, "after files.put", "before commit"): False,
    (FINISHED, "after files.put", "after commit"): True,
    (FINISHED, "after files.put", "after commit", "before files.get"): True,  # and it was acknowledged
}
SEALING = {
    (ARCHIVED, "after files.put", "before commit"): AgreementStatus.SIGNED,
    (ARCHIVED, "after files.put", "after commit"): AgreementStatus.SEALED,
}


def assert_each_signature_once(room: Room, expected: int, point: tuple[str, ...]) -> None:
    envelope = room.envelope()
    file = room.kit.files.get(envelope.current_digest)
    root = room.kit.credentials.root_certificate()
    report = verify_pdf(file, sha256_hex(file), trust_roots=[root], own_root=root)
    assert report.integrity == "intact", (point, report.reasons)
    fields = [one.field for one in report.signatures if one.kind == "signature"]
    assert len(fields) == len(set(fields)) == expected, point
    assert sum(one.status is SignerStatus.SIGNED for one in envelope.signers) == expected, point
    assert room.events().count("signature.applied") == expected, point
    assert verify_log(room.kit)[1] == [], point


def test_killed_while_signing(model: Model, tmp_path: Path, workshop: Workshop) -> None:
    """Tried again with the same key and nothing entered anew, it is signed once."""
    device = Device()

    def get_there(room: Room) -> None:
        room.to_final()
        device.get_credential(room)

    scene = Scene(model, tmp_path, get_there)
    for at, signed in SIGNING.items():
        work = scene.work("sign", at, device.pem())
        outcome = workshop.do(work)
        assert (outcome.killed, outcome.acknowledged) == (True, at[-1] == "before files.get"), at
        room = scene.afterwards(work)
        assert (room.envelope().signers[0].status is SignerStatus.SIGNED) == signed, at
        if not signed:
            assert room.events().count("signature.applied") == 0
            device.finish(room, device.prepare(room))
        assert_each_signature_once(room, 1, at)
        room.database.close()


def test_killed_while_sealing(model: Model, tmp_path: Path, workshop: Workshop) -> None:
    """The job runs again, and seals what is not sealed yet."""

    def get_there(room: Room) -> None:
        for number in (0, 1):
            device = Device()
            room.to_final(number)
            device.get_credential(room, number)
            device.finish(room, device.prepare(room, number), number)

    scene = Scene(model, tmp_path, get_there)
    for at, status in SEALING.items():
        work = scene.work("seal", at)
        assert workshop.do(work).killed, at
        room = scene.afterwards(work)
        assert agreement_of(room).status is status
        seal_agreement(room.kit, room.envelope_id)
        assert agreement_of(room).status is AgreementStatus.SEALED
        assert room.events().count("agreement.sealed") == 1, at
        assert_each_signature_once(room, 2, at)
        room.database.close()


def agreement_of(room: Room) -> Agreement:
    with room.kit.unit_of_work(read_only=True) as unit:
        return unit.agreements.get(room.agreement_id)
