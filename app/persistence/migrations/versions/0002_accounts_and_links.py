"""Accounts, sessions, people, links, codes, change requests and attempts to sign in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _create_accounts()
    _create_people()
    _create_links_and_codes()
    _create_change_requests()


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _time(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(27), nullable=nullable)


def _boolean(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        *_texts("id", "email", "name", "part", "password_hash", "session_key"),
        _time("created_at"),
        _boolean("active"),
        *_texts("second_factor", "totp_secret", "recovery_codes", "bar_number", "bar_jurisdiction"),
        *_texts("time_zone"),
        _time("last_signed_in_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
    )
    op.create_index("ix_accounts_session_key", "accounts", ["session_key"])
    op.create_table(
        "sessions",
        sa.Column("key_digest", sa.String(64), nullable=False),
        *_texts("account_id", "data"),
        _time("created_at"),
        _time("seen_at"),
        sa.PrimaryKeyConstraint("key_digest", name="pk_sessions"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_index("ix_sessions_seen_at", "sessions", ["seen_at"])
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("key"),
        _time("at"),
        _boolean("succeeded"),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempts"),
    )
    op.create_index("ix_login_attempts_key_at", "login_attempts", ["key", "at"])
    op.create_index("ix_login_attempts_at", "login_attempts", ["at"])


def _create_people() -> None:
    op.create_table(
        "people",
        *_texts("id", "name", "email", "country", "capacity", "kind"),
        _time("created_at"),
        *_texts("company", "address"),
        _boolean("archived"),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )


def _create_links_and_codes() -> None:
    op.create_table(
        "access_links",
        *_texts("id"),
        sa.Column("token_digest", sa.String(64), nullable=False),
        *_texts("purpose", "subject"),
        _time("created_at"),
        _time("expires_at"),
        *_texts("envelope_id"),
        _time("used_at", nullable=True),
        _time("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_links"),
        sa.UniqueConstraint("token_digest", name="uq_access_links_token_digest"),
    )
    op.create_index("ix_access_links_subject", "access_links", ["subject"])
    op.create_table(
        "one_time_codes",
        sa.Column("place", sa.Integer(), nullable=False),
        *_texts("id", "link_id", "session_digest", "channel"),
        _time("asked_at"),
        *_texts("salt", "code_digest"),
        _time("expires_at", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        _time("used_at", nullable=True),
        sa.PrimaryKeyConstraint("place", name="pk_one_time_codes"),
        sa.UniqueConstraint("id", name="uq_one_time_codes_id"),
    )
    op.create_index("ix_one_time_codes_link_id_asked_at", "one_time_codes", ["link_id", "asked_at"])


def _create_change_requests() -> None:
    op.create_table(
        "change_requests",
        *_texts("id", "envelope_id", "signer_id", "family", "text"),
        _time("asked_at"),
        *_texts("answer"),
        _time("answered_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_change_requests"),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelopes.id"], name="fk_change_requests_envelope_id"),
    )
    op.create_index("ix_change_requests_envelope_id", "change_requests", ["envelope_id"])
