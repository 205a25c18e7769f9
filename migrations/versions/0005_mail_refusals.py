"""Mail that the server refused for its address, and mail whose place another took."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


# Columns are added and dropped in place: the table is never built anew, since other rows point to it.
def upgrade():
    op.add_column("outbox", sa.Column("refused_at", sa.DateTime(), nullable=True))
    op.add_column("outbox", sa.Column("replaced_at", sa.DateTime(), nullable=True))


def downgrade():
    op.drop_column("outbox", "replaced_at")
    op.drop_column("outbox", "refused_at")
