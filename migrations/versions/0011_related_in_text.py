"""What a summary names as related stands in its text alone, with what the other adds: no table is read for it any more.

After a downgrade the table is filled again from the texts, where they are of a shape the older program knows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_table("summary_related")


def downgrade():
    op.create_table(
        "summary_related",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=70), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["summaries.document_id"],
            name=op.f("fk_summary_related_document_id_summaries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "key", name=op.f("pk_summary_related")),
    )
    op.create_index(op.f("ix_summary_related_key"), "summary_related", ["key"])
    op.execute("UPDATE documents SET is_stale = (kind = 'summary' AND live_revision_id IS NOT NULL)")
