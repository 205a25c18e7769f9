"""PostgreSQL reads lists from their indexes, and knows how long summaries are and which words there are.

It takes what is not known for the largest value, where SQLite takes it for the smallest; so an index that goes down
says that it comes last. Nothing changes on SQLite.
"""

from alembic import op
from sqlalchemy import text

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

REST = ["document_id", "stage", "level", "result"]
ORDERS = {
    "latest": ["published_on DESC", "paper_date DESC", "document_id"],
    "newest": ["paper_date DESC", *REST],
    "evidence": ["level", "paper_date DESC", "document_id", "stage", "result"],
    "people": ["participants DESC", "paper_date DESC", *REST],
}
NULLABLE = ("paper_date DESC", "participants DESC")


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        replace_indexes(" NULLS LAST")
        replace_search("ADD COLUMN length INTEGER NOT NULL")
        op.execute("ALTER TABLE summary_search SET (toast_tuple_target = 128)")  # texts lie apart
        op.execute("ALTER INDEX ix_summary_search_stems SET (fastupdate = off)")  # no list is read beside the index
        op.execute("CREATE TABLE summary_vocabulary (term TEXT PRIMARY KEY, summaries INTEGER NOT NULL)")


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TABLE summary_vocabulary")
        op.execute("ALTER INDEX ix_summary_search_stems RESET (fastupdate)")
        op.execute("ALTER TABLE summary_search RESET (toast_tuple_target)")
        replace_search("DROP COLUMN length")
        replace_indexes("")


def replace_indexes(after):
    for name, columns in ORDERS.items():
        op.drop_index(f"ix_summaries_{name}", table_name="summaries")
        written = [text(column + after) if column in NULLABLE else text(column) for column in columns]
        op.create_index(f"ix_summaries_{name}", "summaries", written)


def replace_search(change):
    """The index of the search has another shape, and is made anew by env.py."""
    op.execute("DELETE FROM summary_search")
    op.execute(f"ALTER TABLE summary_search {change}")
    op.execute("UPDATE documents SET is_stale = (kind = 'summary' AND live_revision_id IS NOT NULL)")
