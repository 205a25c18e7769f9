"""What readers searched for and did not find."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None


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


def downgrade():
    op.drop_table("missed_searches")
