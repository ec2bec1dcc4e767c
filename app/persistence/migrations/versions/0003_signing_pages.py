"""The frozen text of an envelope as a file, and how far its signers got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("envelopes", sa.Column("text_file_digest", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "signing_progress",
        *[
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                "envelope_id",
                "signer_id",
                "displayed_digest",
                "initialled",
                "kind",
                "style",
                "picture_digest",
            )
        ],
        sa.PrimaryKeyConstraint("envelope_id", "signer_id", name="pk_signing_progress"),
        sa.ForeignKeyConstraint(
            ["envelope_id", "signer_id"],
            ["signers.envelope_id", "signers.id"],
            name="fk_signing_progress_signer",
        ),
    )
