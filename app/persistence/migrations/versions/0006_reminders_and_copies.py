"""What the owner chooses when sending: reminders, copies, signing in person, a message to each signer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for name, default in (("reminders", ""), ("copy_recipients", "[]")):
        op.add_column("envelopes", sa.Column(name, sa.Text(), nullable=False, server_default=default))
    op.add_column(
        "envelopes", sa.Column("in_person", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("signers", sa.Column("message", sa.Text(), nullable=False, server_default=""))
    for name in ("invited_at", "reminded_at"):
        op.add_column("signers", sa.Column(name, sa.String(27), nullable=True))
