"""What the first page of the desk tells: searches that found nothing, letters by month, votes by day."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REVISIONS = ["document_id", "origin", "saved_at"]
VOTES = ["changed_at", "document_id", "is_helpful", "unclear_section"]


def upgrade():
    op.create_table(
        "missed_searches",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=60)),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_missed_searches")),
    )
    op.create_table(
        "letter_counts",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_letter_counts")),
    )
    # Letters of before, as far as anything still tells of them. All summaries of a letter have its time.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    month = "strftime('%Y-%m-01', sent_at)" if is_sqlite else "CAST(date_trunc('month', sent_at) AS DATE)"
    op.execute(
        f"INSERT INTO letter_counts (month, letters) SELECT {month}, count(*) "
        "FROM (SELECT DISTINCT subscriber_id, sent_at FROM sent_summaries) AS letters GROUP BY 1"
    )
    op.create_index(op.f("ix_votes_changed_at_document_id_is_helpful_unclear_section"), "votes", VOTES)
    op.create_index(op.f("ix_revisions_document_id_origin_saved_at"), "revisions", REVISIONS)


def downgrade():
    op.drop_index(op.f("ix_revisions_document_id_origin_saved_at"), "revisions")
    op.drop_index(op.f("ix_votes_changed_at_document_id_is_helpful_unclear_section"), "votes")
    op.drop_table("letter_counts")
    op.drop_table("missed_searches")
