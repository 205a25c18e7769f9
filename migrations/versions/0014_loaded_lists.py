"""Terms that lead to another; and categories and terms as files had them, so that a load undoes nothing of the owner's.

Until now files alone could change the two lists: what is there is what they had.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FIELDS = {
    "categories": ("name", "description", "group", "leads_to"),
    "terms": ("name", "also", "definition", "source", "is_checked", "leads_to"),
}
TYPES = {"also": sa.JSON(), "is_checked": sa.Boolean()}


def upgrade():
    op.add_column("terms", sa.Column("leads_to", sa.String(70)))
    loaded = op.create_table(
        "loaded_entries",
        sa.Column("list_name", sa.String(length=10), nullable=False),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("list_name", "slug", name=op.f("pk_loaded_entries")),
    )
    for name, fields in FIELDS.items():
        columns = [sa.column(field, TYPES.get(field, sa.String())) for field in fields]
        order = sa.column("position" if name == "categories" else "name")
        rows = sa.select(sa.column("slug"), *columns).select_from(sa.table(name)).order_by(order)
        found = op.get_bind().execute(rows).all()
        entries = [
            {"list_name": name, "slug": slug, "position": place, "entry": dict(zip(fields, values, strict=True))}
            for place, (slug, *values) in enumerate(found, 1)
        ]
        if entries:
            op.bulk_insert(loaded, entries)


def downgrade():
    op.drop_table("loaded_entries")
    op.drop_column("terms", "leads_to")
