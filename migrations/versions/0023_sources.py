"""What was read of the record in which something that was measured can be read, and the place in it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("outcomes", sa.Column("source_read", sa.String(length=20), nullable=True))
    op.add_column("outcomes", sa.Column("source_place", sa.String(), nullable=True))
    op.execute(sa.text("UPDATE documents SET is_stale = true WHERE kind = 'summary' AND live_revision_id IS NOT NULL"))


def downgrade():
    op.drop_column("outcomes", "source_place")
    op.drop_column("outcomes", "source_read")
