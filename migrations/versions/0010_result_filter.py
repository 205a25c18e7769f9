"""Lists can be narrowed to a result; a category can lead to the one that has taken its place.

The result stands in the indexes that lists are read from. Of the categories that came with the site, "Regenerative
Medicine" was the same as "Stem cells and regeneration", and "Spinal Cord Injury" was the whole field: they lead there,
and so do the topics of those who asked for letters on them. All documents are projected anew.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BY_PAPER = [sa.text("paper_date DESC"), "document_id"]
BEFORE = {
    "newest": [*BY_PAPER, "stage", "level"],
    "oldest": ["paper_date", "document_id", "stage", "level"],
    "evidence": ["level", *BY_PAPER, "stage"],
    "people": [sa.text("participants DESC"), *BY_PAPER, "stage", "level"],
}


MERGED = {"regenerative-medicine": "stem-cells-and-regeneration", "spinal-cord-injury": "everything"}


def upgrade():
    op.add_column("categories", sa.Column("leads_to", sa.String(70)))
    connection = op.get_bind()
    slugs = set(connection.execute(sa.text("SELECT slug FROM categories")).scalars())
    for slug, leads_to in MERGED.items():
        if slug in slugs and leads_to in {*slugs, "everything"}:
            lead(connection, slug, leads_to)
    op.execute("UPDATE documents SET is_stale = (kind = 'summary' AND live_revision_id IS NOT NULL)")
    replace_indexes({name: [*columns, "result"] for name, columns in BEFORE.items()})


def downgrade():
    op.drop_column("categories", "leads_to")
    replace_indexes(BEFORE)


def lead(connection, slug, leads_to):
    connection.execute(
        sa.text("UPDATE categories SET leads_to = :leads_to WHERE slug = :slug"), {"leads_to": leads_to, "slug": slug}
    )
    for id_, typed in connection.execute(sa.text("SELECT id, topics FROM subscribers")).all():
        topics = json.loads(typed) if isinstance(typed, str) else typed
        if slug not in topics:
            continue
        kept = list(dict.fromkeys(leads_to if topic == slug else topic for topic in topics))
        moved = json.dumps([] if leads_to == "everything" else kept)
        connection.execute(sa.text("UPDATE subscribers SET topics = :topics WHERE id = :id"), {"topics": moved, "id": id_})


def replace_indexes(orders):
    for name, columns in orders.items():
        op.drop_index(f"ix_summaries_{name}", table_name="summaries")
        op.create_index(f"ix_summaries_{name}", "summaries", columns, unique=False)
