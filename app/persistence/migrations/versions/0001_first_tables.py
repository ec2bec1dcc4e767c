"""The first tables: everything that an installation remembers, and what must never change in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.persistence.schema_triggers import postgresql_triggers, sqlite_triggers

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_agreements()
    _create_envelopes()
    _create_signers()
    _create_signatures()
    _create_review()
    _create_messages_and_jobs()
    _create_audit_log()
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in postgresql_triggers() if is_postgresql else sqlite_triggers():
        op.execute(sa.text(statement.replace(":", r"\:")))


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _time(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(27), nullable=nullable)


def _integers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False, autoincrement=False) for name in names]


def _create_agreements() -> None:
    op.create_table(
        "agreements",
        *_texts("id", "number", "title", "contract_template", "contract_template_version"),
        *_texts("answers", "status"),
        _time("created_at"),
        _time("updated_at"),
        *_texts("text_digest", "clause_versions"),
        sa.Column("approval", sa.Text(), nullable=True),
        *_texts("override_reason", "accepted_gaps", "current_envelope"),
        *_integers("revision"),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
        sa.UniqueConstraint("number", name="uq_agreements_number"),
    )
    op.create_index("ix_agreements_status_created_at", "agreements", ["status", "created_at"])
    op.create_index("ix_agreements_current_envelope", "agreements", ["current_envelope"])
    op.create_table(
        "agreement_numbers",
        *_texts("prefix"),
        *_integers("year", "last"),
        sa.PrimaryKeyConstraint("prefix", "year", name="pk_agreement_numbers"),
    )


def _create_envelopes() -> None:
    op.create_table(
        "envelopes",
        *_texts("id", "agreement_id", "status"),
        _time("created_at"),
        _time("expires_at"),
        *_texts("original_digest", "current_digest", "text_digest", "message", "agreement_json_digest"),
        _time("completed_at", nullable=True),
        *_texts("sealed_digest"),
        _time("sealed_at", nullable=True),
        *_texts("level", "timestamp_authority", "completion_digest", "lease_holder"),
        _time("lease_until", nullable=True),
        sa.Column("preparation", sa.Text(), nullable=True),
        *_integers("revision"),
        sa.PrimaryKeyConstraint("id", name="pk_envelopes"),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name="fk_envelopes_agreement_id"),
    )
    op.create_index("ix_envelopes_agreement_id", "envelopes", ["agreement_id"])
    op.create_index("ix_envelopes_status", "envelopes", ["status"])
    op.create_index("ix_envelopes_expires_at", "envelopes", ["expires_at"])


def _create_signers() -> None:
    op.create_table(
        "signers",
        *_texts("envelope_id", "id"),
        *_integers("place"),
        *_texts("role", "side"),
        *_integers("order"),
        *_texts("name", "email", "capacity", "country", "status", "asked_initials", "identity_checks"),
        sa.Column("consent_text_version", sa.Text(), nullable=True),
        sa.Column("consent_text_digest", sa.Text(), nullable=True),
        _time("consent_given_at", nullable=True),
        sa.Column("credential", sa.Text(), nullable=True),
        *_texts("declined_reason"),
        sa.PrimaryKeyConstraint("envelope_id", "id", name="pk_signers"),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelopes.id"], name="fk_signers_envelope_id"),
    )


def _create_signatures() -> None:
    op.create_table(
        "signatures",
        *_texts("envelope_id", "signer_id", "field"),
        _time("signed_at"),
        _time("timestamped_at"),
        *_texts("timestamp_authority", "level", "key_held_by", "credential_serial"),
        *_texts("certificate_digest", "file_digest", "initialled", "kind"),
        sa.PrimaryKeyConstraint("envelope_id", "signer_id", name="pk_signatures"),
        sa.ForeignKeyConstraint(
            ["envelope_id", "signer_id"], ["signers.envelope_id", "signers.id"], name="fk_signatures_signer"
        ),
    )


def _create_review() -> None:
    op.create_table(
        "clause_versions",
        sa.Column("digest", sa.String(64), nullable=False),
        *_integers("place"),
        *_texts("clause_id", "version", "title"),
        _time("added_at"),
        *_texts("source"),
        sa.PrimaryKeyConstraint("digest", name="pk_clause_versions"),
    )
    op.create_index("ix_clause_versions_clause_id_place", "clause_versions", ["clause_id", "place"])
    op.create_table(
        "sign_offs",
        *_texts("id", "clause_id", "clause_version"),
        sa.Column("clause_digest", sa.String(64), nullable=False),
        *_texts("lawyer_id", "lawyer_name", "bar_number", "bar_jurisdiction", "decision"),
        *_texts("jurisdictions", "contract_templates", "conditions", "comment"),
        _time("decided_at"),
        _time("expires_at", nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_offs"),
    )
    op.create_index("ix_sign_offs_clause_digest", "sign_offs", ["clause_digest"])


def _create_messages_and_jobs() -> None:
    op.create_table(
        "messages",
        *_texts("id", "message_id", "to_name", "to_address", "subject", "text", "html"),
        _time("created_at"),
        *_texts("state", "attachments", "agreement_id", "envelope_id", "signer_id"),
        *_integers("tries"),
        *_texts("last_error"),
        _time("handed_over_at", nullable=True),
        *_texts("secret", "secret_for"),
        _time("secret_until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("message_id", name="uq_messages_message_id"),
    )
    op.create_index("ix_messages_agreement_id", "messages", ["agreement_id"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("name", "key", "arguments", "state"),
        _time("due_at"),
        *_integers("tries", "max_tries"),
        _time("leased_until", nullable=True),
        *_texts("last_error"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
    )
    op.create_index("ix_jobs_state_due_at", "jobs", ["state", "due_at"])
    op.create_table("settings", *_texts("name", "value"), sa.PrimaryKeyConstraint("name", name="pk_settings"))


def _create_audit_log() -> None:
    op.create_table(
        "audit_leaves",
        *_integers("sequence", "schema"),
        _time("at"),
        *_texts("name", "actor_part", "actor_id", "agreement_id", "envelope_id", "subject", "digest"),
        *_texts("details", "commitments"),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("leaf_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_leaves"),
    )
    op.create_index("ix_audit_leaves_agreement_id_sequence", "audit_leaves", ["agreement_id", "sequence"])
    op.create_table(
        "audit_personal",
        *_integers("sequence"),
        *_texts("field", "value"),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("sequence", "field", name="pk_audit_personal"),
        sa.ForeignKeyConstraint(["sequence"], ["audit_leaves.sequence"], name="fk_audit_personal_sequence"),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("origin"),
        *_integers("size"),
        sa.Column("root", sa.String(64), nullable=False),
        *_texts("at", "note", "timestamp_token"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_checkpoints"),
    )
