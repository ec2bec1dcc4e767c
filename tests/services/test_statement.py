"""A statement: the Assistant alone signs, and it ends sealed, with a certificate of completion."""

from __future__ import annotations

from app.domain.digest import sha256_hex
from app.domain.workflow import AgreementStatus
from app.services.completion import certify_completion
from app.services.sealing import seal_agreement
from app.signing.verification import verify_pdf
from tests.services.sent_agreement import Device, copy_model, make_model


def test_a_statement_needs_no_signature_of_the_client(tmp_path):
    room = copy_model(make_model(tmp_path / "model", "security-annex"), tmp_path)
    assert [signer.side for signer in room.envelope().signers] == ["assistant"]
    room.to_final()
    device = Device()
    device.get_credential(room)
    device.finish(room, device.prepare(room))
    seal_agreement(room.kit, room.envelope_id)
    certify_completion(room.kit, room.envelope_id)
    with room.kit.unit_of_work(read_only=True) as unit:
        assert unit.agreements.get(room.agreement_id).status is AgreementStatus.SEALED
    envelope = room.envelope()
    file, root = room.kit.files.get(envelope.sealed_digest), room.kit.credentials.root_certificate()
    report = verify_pdf(file, sha256_hex(file), trust_roots=[root], own_root=root)
    assert (report.verdict, report.integrity) == ("green", "intact"), report.reasons
    assert [one.field for one in report.signatures] [:2] == ["seal", "signature-assistant"]
    assert envelope.completion_digest
    room.database.close()
