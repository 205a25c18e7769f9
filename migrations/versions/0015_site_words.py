"""Words of the site that its owner has chosen: its name, its mission, the postal line of its mails."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "site_words",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_words")),
    )


def downgrade():
    op.drop_table("site_words")
