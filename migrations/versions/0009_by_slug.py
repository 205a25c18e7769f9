"""What stands at a slug is found by an index, whichever language it is in."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_summaries_slug", "summaries", ["slug"])
    op.create_index("ix_documents_slug", "documents", ["slug"])


def downgrade():
    op.drop_index("ix_documents_slug", table_name="documents")
    op.drop_index("ix_summaries_slug", table_name="summaries")
