"""Drafts that are ready to be looked at, texts that were not saved over another's, and corrections that are mailed."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


# Columns are added and dropped in place: the table is never built anew, since other rows point to it.
def upgrade():
    op.add_column("revisions", sa.Column("ready_at", sa.DateTime(), nullable=True))
    op.add_column("revisions", sa.Column("ready_by", sa.String(length=80), nullable=True))
    op.create_index(op.f("ix_corrections_corrected_at"), "corrections", ["corrected_at"])
    op.create_table(
        "kept_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("kept_by", sa.String(length=80), nullable=False),
        sa.Column("editing_session", sa.String(length=40), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("base_digest", sa.String(length=32), nullable=False),
        sa.Column("newer", sa.Integer(), nullable=False),
        to("documents", "kept_texts", "document_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_texts")),
        sa.UniqueConstraint(
            "document_id", "kept_by", "editing_session", name=op.f("uq_kept_texts_document_id_kept_by_editing_session")
        ),
    )
    op.create_table(
        "correction_mailings",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        to("corrections", "correction_mailings", "correction_id"),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_correction_mailings")),
    )
    op.create_table(
        "sent_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        to("corrections", "sent_corrections", "correction_id"),
        to("subscribers", "sent_corrections", "subscriber_id"),
        to("outbox", "sent_corrections", "outbox_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_corrections")),
        sa.UniqueConstraint("correction_id", "subscriber_id", name=op.f("uq_sent_corrections_correction_id_subscriber_id")),
    )
    op.create_index(op.f("ix_sent_corrections_outbox_id"), "sent_corrections", ["outbox_id"])
    op.create_index(op.f("ix_sent_corrections_subscriber_id"), "sent_corrections", ["subscriber_id"])


def to(parent, table, column, ondelete="CASCADE"):
    name = op.f(f"fk_{table}_{column}_{parent}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)


def downgrade():
    for table in ("sent_corrections", "correction_mailings", "kept_texts"):
        op.drop_table(table)
    op.drop_index(op.f("ix_corrections_corrected_at"), "corrections")
    op.drop_column("revisions", "ready_by")
    op.drop_column("revisions", "ready_at")
