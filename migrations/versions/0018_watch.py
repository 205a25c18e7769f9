"""What became of the papers of summaries, and notices of withdrawal beside the corrections of our own mistakes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("corrections", sa.Column("of_paper", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "watched_papers",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("looked_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.Column("asks", sa.String(length=10), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.Column("put_up_at", sa.DateTime(), nullable=True),
        sa.Column("left_off_at", sa.DateTime(), nullable=True),
        sa.Column("notice_before", sa.JSON(), nullable=True),
        to("documents.id", "watched_papers"),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_watched_papers")),
    )
    op.create_index(op.f("ix_watched_papers_due_at"), "watched_papers", ["due_at"])
    op.create_index(op.f("ix_watched_papers_asks"), "watched_papers", ["asks"])
    op.create_table(
        "service_answers",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("looked_at", sa.DateTime(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        to("watched_papers.document_id", "service_answers"),
        sa.PrimaryKeyConstraint("document_id", "service", name=op.f("pk_service_answers")),
    )


def to(target, table):
    name = op.f(f"fk_{table}_document_id_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint(["document_id"], [target], name=name, ondelete="CASCADE")


def downgrade():
    for table in ("service_answers", "watched_papers"):
        op.drop_table(table)
    op.drop_column("corrections", "of_paper")
