"""The list of agreements, who signs them and which clauses they hold; its rows are filled afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INDEXED = (
    ("standing", "waiting_since"),
    ("standing", "moved_at"),
    ("standing", "updated_at"),
    ("created_at", "number", "agreement_id"),
    ("updated_at",),
    ("sort_name",),
    ("waiting_since",),
    ("expires_at",),
    ("country",),
)


def upgrade() -> None:
    _create_listing()
    _create_people()
    _create_clauses()


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _time(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(27), nullable=nullable)


def _of_agreement(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=f"fk_{table}_agreement_id")


def _create_listing() -> None:
    op.create_table(
        "agreement_listing",
        *_texts("agreement_id", "number", "title", "contract_template", "status", "standing"),
        *_texts("counterparty", "sort_name", "country"),
        _time("created_at"),
        _time("updated_at"),
        *_texts("envelope_id"),
        _time("sent_at", nullable=True),
        _time("signed_at", nullable=True),
        _time("expires_at", nullable=True),
        _time("waiting_since"),
        _time("moved_at"),
        *_texts("mail_id", "mail_state", "search"),
        sa.PrimaryKeyConstraint("agreement_id", name="pk_agreement_listing"),
        _of_agreement("agreement_listing"),
    )
    for columns in INDEXED:
        op.create_index(f"ix_agreement_listing_{'_'.join(columns)}", "agreement_listing", list(columns))


def _create_people() -> None:
    op.create_table(
        "agreement_people",
        *_texts("agreement_id", "email"),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("office", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("agreement_id", "email", name="pk_agreement_people"),
        _of_agreement("agreement_people"),
    )
    op.create_index("ix_agreement_people_email_asked", "agreement_people", ["email", "asked"])


def _create_clauses() -> None:
    op.create_table(
        "agreement_clauses",
        *_texts("agreement_id", "clause_id", "family", "position", "digest"),
        sa.PrimaryKeyConstraint("agreement_id", "clause_id", name="pk_agreement_clauses"),
        _of_agreement("agreement_clauses"),
    )
    op.create_index(
        "ix_agreement_clauses_agreement_id_family_position",
        "agreement_clauses",
        ["agreement_id", "family", "position"],
    )
