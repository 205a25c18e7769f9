"""When a message of a reader was marked as answered."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("messages", sa.Column("answered_at", sa.DateTime()))
    op.create_index(op.f("ix_messages_answered_at"), "messages", ["answered_at"])


def downgrade():
    op.drop_index(op.f("ix_messages_answered_at"), "messages")
    op.drop_column("messages", "answered_at")
