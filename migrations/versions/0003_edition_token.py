"""The edition is a random token: a number comes round again after a restore."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("token", sa.String(length=16), nullable=False, server_default=""))
    op.execute(sa.text("UPDATE editions SET token = :token").bindparams(token=secrets.token_hex(8)))
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.alter_column("token", server_default=None)
        batch_op.drop_column("number")


def downgrade():
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.alter_column("number", server_default=None)
        batch_op.drop_column("token")
