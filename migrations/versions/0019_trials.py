"""What the registry says of the trials that summaries tell of, and who was told of a change.

Which trials a summary names is projected: all summaries are projected anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "summary_trials",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=11), nullable=False),
        to("document_id", "summaries.document_id", "summary_trials"),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_summary_trials")),
    )
    op.create_index(op.f("ix_summary_trials_number"), "summary_trials", ["number"])
    op.create_table(
        "watched_trials",
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_since", sa.DateTime(), nullable=True),
        sa.Column("told_status", sa.String(length=40), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("looked_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("asks", sa.String(length=10), nullable=False),
        sa.Column("seen", sa.String(length=10), nullable=False),
        sa.Column("shown_digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_watched_trials")),
    )
    op.create_index(op.f("ix_watched_trials_due_at"), "watched_trials", ["due_at"])
    op.create_index(op.f("ix_watched_trials_asks"), "watched_trials", ["asks"])
    op.create_table(
        "trial_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("was", sa.String(length=40), nullable=False),
        sa.Column("became", sa.String(length=40), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        to("number", "watched_trials.number", "trial_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_changes")),
    )
    op.create_index(op.f("ix_trial_changes_number"), "trial_changes", ["number"])
    op.create_index(op.f("ix_trial_changes_told_at"), "trial_changes", ["told_at"])
    op.create_table(
        "sent_trial_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        to("subscriber_id", "subscribers.id", "sent_trial_changes"),
        to("change_id", "trial_changes.id", "sent_trial_changes"),
        to("outbox_id", "outbox.id", "sent_trial_changes", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_trial_changes")),
        sa.UniqueConstraint("subscriber_id", "change_id", name=op.f("uq_sent_trial_changes_subscriber_id_change_id")),
    )
    op.create_index(op.f("ix_sent_trial_changes_change_id"), "sent_trial_changes", ["change_id"])
    op.create_index(op.f("ix_sent_trial_changes_outbox_id"), "sent_trial_changes", ["outbox_id"])
    op.execute("UPDATE documents SET is_stale = (kind = 'summary' AND live_revision_id IS NOT NULL)")


def to(column, target, table, ondelete="CASCADE"):
    name = op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def downgrade():
    for table in ("sent_trial_changes", "trial_changes", "watched_trials", "summary_trials"):
        op.drop_table(table)
