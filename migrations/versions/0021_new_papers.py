"""New papers that wait at the desk, and the search that finds them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "new_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(length=130), nullable=False),
        sa.Column("doi", sa.String(length=300), nullable=True),
        sa.Column("pmid", sa.String(length=8), nullable=True),
        sa.Column("pmcid", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("authors", sa.String(), nullable=False),
        sa.Column("journal", sa.String(), nullable=False),
        sa.Column("published", sa.String(length=10), nullable=True),
        sa.Column("design", sa.String(length=40), nullable=False),
        sa.Column("design_why", sa.String(), nullable=False),
        sa.Column("topic", sa.String(length=70), nullable=False),
        sa.Column("topic_why", sa.String(), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_preprint", sa.Boolean(), nullable=False),
        sa.Column("is_retracted", sa.Boolean(), nullable=False),
        sa.Column("plain_summary", sa.String(length=3), nullable=False),
        sa.Column("plain_tries", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_new_papers_document_id_documents"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_papers")),
        sa.UniqueConstraint("record", name=op.f("uq_new_papers_record")),
        sa.UniqueConstraint("doi", name=op.f("uq_new_papers_doi")),
        sa.UniqueConstraint("pmid", name=op.f("uq_new_papers_pmid")),
    )
    op.create_index(op.f("ix_new_papers_document_id"), "new_papers", ["document_id"])
    op.create_index("ix_new_papers_order", "new_papers", ["state", "strength", "published", "id"])
    op.create_index("ix_new_papers_kinds", "new_papers", ["state", "design", "topic"])
    op.create_index("ix_new_papers_plain", "new_papers", ["plain_summary", "plain_tries"])
    op.create_table(
        "paper_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("searched_to", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("tried_at", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("cursor", sa.String(), nullable=True),
        sa.Column("listed_so_far", sa.Integer(), nullable=False),
        sa.Column("added_so_far", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_searches")),
    )


def downgrade():
    for table in ("paper_searches", "new_papers"):
        op.drop_table(table)
