"""Lists read from indexes: one for each order, and counts for every choice in all languages together.

The counts are made anew by env.py, in the same transaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FACETS = (("category", 70), ("stage", 20), ("level", 4), ("phase", 10), ("result", 20))
BY_PAPER = [sa.text("paper_date DESC"), "document_id"]
ORDERS = {
    "latest": [sa.text("published_on DESC"), *BY_PAPER],
    "newest": [*BY_PAPER, "stage", "level"],
    "oldest": ["paper_date", "document_id", "stage", "level"],
    "evidence": ["level", *BY_PAPER, "stage"],
    "people": [sa.text("participants DESC"), *BY_PAPER, "stage", "level"],
}
BEFORE = {
    "level": ["level"],
    "paper_date": ["paper_date"],
    "participants": ["participants"],
    "result": ["result"],
    "stage": ["stage"],
    "published_on_paper_date": ["published_on", "paper_date"],
}


def upgrade():
    replace_counts(FACETS)
    for name in BEFORE:
        op.drop_index(op.f(f"ix_summaries_{name}"), table_name="summaries")
    for name, columns in ORDERS.items():
        op.create_index(f"ix_summaries_{name}", "summaries", columns, unique=False)
    op.execute("UPDATE documents SET is_stale = (kind = 'summary' AND live_revision_id IS NOT NULL)")


def downgrade():
    replace_counts((("language", 35), *FACETS))
    for name in ORDERS:
        op.drop_index(f"ix_summaries_{name}", table_name="summaries")
    for name, columns in BEFORE.items():
        op.create_index(op.f(f"ix_summaries_{name}"), "summaries", columns, unique=False)


def replace_counts(columns):
    op.drop_table("facet_counts")
    op.create_table(
        "facet_counts",
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in columns),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*(name for name, _ in columns), name=op.f("pk_facet_counts")),
    )
