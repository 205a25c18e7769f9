"""A search for trials that look for people, for each topic, and trials that do not belong there."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "trial_searches",
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("live_condition", sa.String(length=200), nullable=True),
        sa.Column("live_words", sa.String(length=500), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("trials", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("looked_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("is_shown_as_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_trial_searches_category_id_categories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("category_id", name=op.f("pk_trial_searches")),
    )
    op.create_table(
        "hidden_trials",
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["trial_searches.category_id"],
            name=op.f("fk_hidden_trials_category_id_trial_searches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("category_id", "number", name=op.f("pk_hidden_trials")),
    )


def downgrade():
    op.drop_table("hidden_trials")
    op.drop_table("trial_searches")
