"""By which second way a signer shows who they are, where the owner chose one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TIME_LENGTH = 27


def upgrade() -> None:
    texts = ("envelope_id", "signer_id", "channel", "address", "salt", "code_digest")
    op.create_table(
        "identity_channels",
        *[sa.Column(name, sa.Text(), nullable=False) for name in texts],
        sa.Column("made_at", sa.String(TIME_LENGTH), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("envelope_id", "signer_id", name="pk_identity_channels"),
        sa.ForeignKeyConstraint(
            ["envelope_id", "signer_id"],
            ["signers.envelope_id", "signers.id"],
            name="fk_identity_channels_signer",
        ),
    )
