"""Papers that readers asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "asked_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doi", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("journal", sa.String(), nullable=False),
        sa.Column("published", sa.String(length=10), nullable=True),
        sa.Column("wants", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("wished_at", sa.DateTime(), nullable=False),
        sa.Column("looked_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("notice_url", sa.String(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("summary_key", sa.String(length=70), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_papers")),
        sa.UniqueConstraint("doi", name=op.f("uq_asked_papers_doi")),
    )
    op.create_index(op.f("ix_asked_papers_wants_id"), "asked_papers", ["wants", "id"])
    op.create_index(op.f("ix_asked_papers_due_at"), "asked_papers", ["due_at"])
    op.create_index(op.f("ix_asked_papers_answer"), "asked_papers", ["answer"])
    op.create_table(
        "paper_wishes",
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("voter", sa.String(length=32), nullable=False),
        sa.Column("wished_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["asked_papers.id"], name=op.f("fk_paper_wishes_asked_id_asked_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("asked_id", "voter", name=op.f("pk_paper_wishes")),
    )
    op.create_index(op.f("ix_paper_wishes_voter"), "paper_wishes", ["voter"])


def downgrade():
    for table in ("paper_wishes", "asked_papers"):
        op.drop_table(table)
