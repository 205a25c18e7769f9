"""Documents and their revisions in the place of rows that were changed where they stood.

Every summary becomes a document with one revision. It keeps its number, so that votes, what was sent to whom and
the links in old mails stay as they are. What lists know of it (summaries, studies and their links) is made anew from
the revisions, by env.py, in the same transaction.
"""

import datetime as dt
import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LANGUAGE = "en"
SCHEMA = 1
PAGE = (
    "title", "description", "slug", "author", "reviewer", "related", "support_note", "exception",
    "changed_after_feedback", "rests_on", "simple_explanation", "key_findings", "research_summary", "implications",
    "limitations", "harms",
)  # fmt: skip
"""Columns that became fields of the content under the same name."""
STUDY = (
    "title", "authors", "authors_complete", "journal", "published", "citation", "doi", "pmid", "pmcid", "registrations",
    "countries", "design", "trial_phase", "subjects", "participants", "participants_unit", "population",
    "compared_with", "duration", "injury_phases", "injury_level", "injury_severity", "harms", "pictogram", "funding",
    "conflicts", "notice", "sources",
)  # fmt: skip
UNSAID = {"subjects": "people", "participants_unit": "people"}
"""What a field is when it is left out."""


def upgrade():
    connection = op.get_bind()
    summaries = [dict(row) for row in connection.execute(sa.text("SELECT * FROM summaries ORDER BY id")).mappings()]
    studies = {row["id"]: dict(row) for row in connection.execute(sa.text("SELECT * FROM studies")).mappings()}
    categories = categories_of(connection)
    old_slugs = [tuple(row) for row in connection.execute(sa.text("SELECT slug, summary_id FROM old_slugs"))]
    create_documents()
    point_to_documents("votes")
    point_to_documents("sent_summaries")
    for table in ("summary_categories", "old_slugs", "summaries", "studies"):
        op.drop_table(table)
    create_projections()
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    for summary in summaries:
        add_document(connection, summary, content_of(summary, studies[summary["study_id"]], categories), now)
    rows = [
        {"kind": "summary", "language": LANGUAGE, "slug": slug, "document_id": document} for slug, document in old_slugs
    ]
    if rows:
        connection.execute(sa.insert(table_of("redirects", rows[0])), rows)
    for table in ("summary_search", "summary_words") if connection.dialect.name == "sqlite" else ("summary_search",):
        op.execute(f"DELETE FROM {table}")


def categories_of(connection):
    found = {}
    rows = connection.execute(
        sa.text(
            "SELECT summary_id, slug FROM summary_categories "
            "JOIN categories ON categories.id = category_id ORDER BY summary_id, summary_categories.position"
        )
    )
    for summary, slug in rows:
        found.setdefault(summary, []).append(slug)
    return found


def content_of(summary, study, categories):
    """The text of a summary in the shape of its file, without what says nothing."""
    content = {name: plain(summary[name], name) for name in PAGE}
    content |= {
        "date": summary["published_on"],
        "lastmod": summary["checked_on"],
        "categories": categories.get(summary["id"], []),
        "study": without_nothing({name: plain(study[name], name) for name in STUDY}),
    }
    return without_nothing(content)


JSON_FIELDS = {
    "related", "key_findings", "implications", "limitations", "authors", "registrations", "countries", "injury_phases",
    "pictogram", "notice", "sources",
}  # fmt: skip
FLAGS = {"support_note", "authors_complete"}


def plain(value, name):
    if name in JSON_FIELDS and value is not None:
        value = json.loads(value)
        if name == "notice" and value:
            value = without_nothing(value)
    return bool(value) if name in FLAGS else value


def without_nothing(values):
    return {name: value for name, value in values.items() if value not in (None, [], False, UNSAID.get(name, ""))}


def add_document(connection, summary, content, now):
    """A draft stays one, a coming day is a schedule, everything else is public since its day."""
    day = dt.datetime.fromisoformat(summary["published_on"])
    is_public = not summary["is_draft"] and day <= now
    is_coming = not summary["is_draft"] and not is_public
    text = json.dumps({name: value for name, value in content.items() if name != "slug"}, sort_keys=True)
    saved = {
        "document_id": summary["id"],
        "number": 1,
        "content": json.dumps(content),
        "schema": SCHEMA,
        "digest": hashlib.blake2b(text.encode(), digest_size=16).hexdigest(),
        "saved_at": now,
        "saved_by": summary["author"],
        "origin": "file",
    }
    document = {
        "id": summary["id"],
        "kind": "summary",
        "key": summary["key"],
        "language": LANGUAGE,
        "slug": summary["slug"],
        "first_published_at": day if is_public else None,
        "published_at": day if is_public else None,
        "go_live_at": day if is_coming else None,
        "is_stale": is_public,
    }
    documents = table_of("documents", document, "live_revision_id", "scheduled_revision_id")
    connection.execute(sa.insert(documents).values(document))
    revisions = table_of("revisions", saved, "id")
    connection.execute(sa.insert(revisions).values(saved))
    number = connection.scalar(sa.select(revisions.c.id).where(revisions.c.document_id == summary["id"]))
    link = {"live_revision_id": number} if is_public else {"scheduled_revision_id": number} if is_coming else None
    if link:
        connection.execute(sa.update(documents).where(documents.c.id == summary["id"]).values(link))


def table_of(name, row, *columns):
    return sa.table(name, *(sa.column(column) for column in (*row, *columns)))


def create_documents():
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=70), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("slug", sa.String(length=70), nullable=True),
        sa.Column("live_revision_id", sa.Integer(), nullable=True),
        sa.Column("scheduled_revision_id", sa.Integer(), nullable=True),
        sa.Column("go_live_at", sa.DateTime(), nullable=True),
        sa.Column("first_published_at", sa.DateTime(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("unpublished_at", sa.DateTime(), nullable=True),
        sa.Column("unpublished_sentence", sa.String(), nullable=True),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("kind", "key", "language", name=op.f("uq_documents_kind_key_language")),
        sa.UniqueConstraint("kind", "language", "slug", name=op.f("uq_documents_kind_language_slug")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("editing_session", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_revisions_document_id_documents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_revisions_document_id_number")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_go_live_at"), ["go_live_at"], unique=False)
        for column in ("live_revision_id", "scheduled_revision_id"):
            batch_op.create_foreign_key(
                batch_op.f(f"fk_documents_{column}_revisions"),
                "revisions",
                [column],
                ["id"],
                deferrable=True,
                initially="DEFERRED",
            )
    op.create_table(
        "redirects",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_redirects_document_id_documents"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("kind", "language", "slug", name=op.f("pk_redirects")),
    )
    op.create_index(op.f("ix_redirects_document_id"), "redirects", ["document_id"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_corrections_document_id_documents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_corrections_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(
        op.f("ix_corrections_document_id_corrected_at"), "corrections", ["document_id", "corrected_at"], unique=False
    )
    op.create_index(op.f("ix_corrections_revision_id"), "corrections", ["revision_id"], unique=False)


def point_to_documents(table):
    """`summary_id` becomes `document_id`: the same numbers, of documents now."""
    unique_before = {"votes": ["summary_id", "reader"], "sent_summaries": ["subscriber_id", "summary_id"]}[table]
    unique_after = ["document_id" if name == "summary_id" else name for name in unique_before]
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"fk_{table}_summary_id_summaries"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f(f"uq_{table}_{'_'.join(unique_before)}"), type_="unique")
        if table == "sent_summaries":
            batch_op.drop_index(batch_op.f("ix_sent_summaries_summary_id"))
        batch_op.alter_column("summary_id", new_column_name="document_id")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f(f"uq_{table}_{'_'.join(unique_after)}"), unique_after)
        batch_op.create_foreign_key(
            batch_op.f(f"fk_{table}_document_id_documents"), "documents", ["document_id"], ["id"], ondelete="CASCADE"
        )
    if table == "sent_summaries":
        op.create_index(op.f("ix_sent_summaries_document_id"), table, ["document_id"], unique=False)


def create_projections():
    op.create_table(
        "summaries",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=70), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("changed_after_feedback", sa.Date(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("result_why", sa.String(), nullable=False),
        sa.Column("result_caveat", sa.String(), nullable=False),
        sa.Column("paper_date", sa.String(length=10), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("notice", sa.String(length=10), nullable=True),
        sa.Column("reading_grade", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_summaries_document_id_documents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_summaries")),
        sa.UniqueConstraint("language", "slug", name=op.f("uq_summaries_language_slug")),
    )
    for column in ("key", "level", "paper_date", "participants", "result", "stage"):
        op.create_index(op.f(f"ix_summaries_{column}"), "summaries", [column], unique=False)
    op.create_index(
        op.f("ix_summaries_published_on_paper_date"), "summaries", ["published_on", "paper_date"], unique=False
    )
    op.create_table(
        "studies",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("authors_complete", sa.Boolean(), nullable=False),
        sa.Column("journal", sa.String(), nullable=True),
        sa.Column("published", sa.String(length=10), nullable=True),
        sa.Column("citation", sa.String(), nullable=True),
        sa.Column("doi", sa.String(), nullable=True),
        sa.Column("pmid", sa.String(), nullable=True),
        sa.Column("pmcid", sa.String(), nullable=True),
        sa.Column("registrations", sa.JSON(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("design", sa.String(), nullable=False),
        sa.Column("trial_phase", sa.String(), nullable=True),
        sa.Column("subjects", sa.String(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("participants_unit", sa.String(), nullable=False),
        sa.Column("population", sa.String(), nullable=False),
        sa.Column("compared_with", sa.String(), nullable=False),
        sa.Column("duration", sa.String(), nullable=True),
        sa.Column("injury_level", sa.String(), nullable=True),
        sa.Column("injury_severity", sa.String(), nullable=True),
        sa.Column("harms", sa.String(), nullable=True),
        sa.Column("pictogram", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("funding", sa.String(), nullable=True),
        sa.Column("conflicts", sa.String(), nullable=True),
        sa.Column("notice", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("intervention", sa.String(), nullable=True),
        sa.Column("analysed", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["summaries.document_id"],
            name=op.f("fk_studies_document_id_summaries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_studies")),
    )
    op.create_index(op.f("ix_studies_doi"), "studies", ["doi"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("better", sa.String(length=6), nullable=True),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("subgroup", sa.String(), nullable=True),
        sa.Column("when", sa.String(), nullable=True),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("effect", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("direction", sa.String(length=20), nullable=False),
        sa.Column("certainty", sa.String(length=10), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["studies.document_id"], name=op.f("fk_outcomes_document_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_outcomes")),
    )
    op.create_index(op.f("ix_outcomes_topic"), "outcomes", ["topic"], unique=False)
    create_links()
    op.create_table(
        "facet_counts",
        *(
            sa.Column(name, sa.String(length=length), nullable=False)
            for name, length in (
                ("language", 35), ("category", 70), ("stage", 20), ("level", 4), ("phase", 10), ("result", 20),
            )
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "language", "category", "stage", "level", "phase", "result", name=op.f("pk_facet_counts")
        ),
    )  # fmt: skip


def create_links():
    """What a summary is linked with: its categories, phases, glossary terms, and the summaries it names as related."""
    links = {
        "summary_categories": [sa.Column("category_id", sa.Integer(), nullable=False), sa.Column("position", sa.Integer(), nullable=False)],
        "summary_phases": [sa.Column("phase", sa.String(length=10), nullable=False)],
        "summary_terms": [sa.Column("term_id", sa.Integer(), nullable=False)],
        "summary_related": [sa.Column("key", sa.String(length=70), nullable=False), sa.Column("position", sa.Integer(), nullable=False)],
    }
    parents = {"category_id": "categories", "term_id": "terms"}
    for table, columns in links.items():
        other = columns[0].name
        keys = [
            sa.ForeignKeyConstraint(
                ["document_id"],
                ["summaries.document_id"],
                name=op.f(f"fk_{table}_document_id_summaries"),
                ondelete="CASCADE",
            )
        ]
        if other in parents:
            keys.append(
                sa.ForeignKeyConstraint(
                    [other],
                    [f"{parents[other]}.id"],
                    name=op.f(f"fk_{table}_{other}_{parents[other]}"),
                    ondelete="CASCADE",
                )
            )
        op.create_table(
            table,
            sa.Column("document_id", sa.Integer(), nullable=False),
            *columns,
            *keys,
            sa.PrimaryKeyConstraint("document_id", other, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{other}"), table, [other], unique=False)


def downgrade():
    """Only without documents (env.py refuses to lose one): the tables as they were, empty."""
    for table in (
        "facet_counts", "summary_related", "summary_terms", "summary_phases", "summary_categories", "outcomes",
        "studies", "summaries",
    ):  # fmt: skip
        op.drop_table(table)
    create_old_tables()
    point_to_summaries("votes")
    point_to_summaries("sent_summaries")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        for column in ("live_revision_id", "scheduled_revision_id"):
            batch_op.drop_constraint(batch_op.f(f"fk_documents_{column}_revisions"), type_="foreignkey")
    for table in ("corrections", "redirects", "revisions", "documents"):
        op.drop_table(table)


def point_to_summaries(table):
    unique_after = {"votes": ["summary_id", "reader"], "sent_summaries": ["subscriber_id", "summary_id"]}[table]
    unique_before = ["document_id" if name == "summary_id" else name for name in unique_after]
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"fk_{table}_document_id_documents"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f(f"uq_{table}_{'_'.join(unique_before)}"), type_="unique")
        if table == "sent_summaries":
            batch_op.drop_index(batch_op.f("ix_sent_summaries_document_id"))
        batch_op.alter_column("document_id", new_column_name="summary_id")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f(f"uq_{table}_{'_'.join(unique_after)}"), unique_after)
        batch_op.create_foreign_key(
            batch_op.f(f"fk_{table}_summary_id_summaries"), "summaries", ["summary_id"], ["id"], ondelete="CASCADE"
        )
    if table == "sent_summaries":
        op.create_index(op.f("ix_sent_summaries_summary_id"), table, ["summary_id"], unique=False)


def create_old_tables():
    op.create_table(
        "studies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("authors_complete", sa.Boolean(), nullable=False),
        sa.Column("journal", sa.String(), nullable=True),
        sa.Column("published", sa.String(length=10), nullable=True),
        sa.Column("citation", sa.String(), nullable=True),
        sa.Column("doi", sa.String(), nullable=True),
        sa.Column("pmid", sa.String(), nullable=True),
        sa.Column("pmcid", sa.String(), nullable=True),
        sa.Column("registrations", sa.JSON(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("design", sa.String(), nullable=False),
        sa.Column("trial_phase", sa.String(), nullable=True),
        sa.Column("subjects", sa.String(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("participants_unit", sa.String(), nullable=False),
        sa.Column("population", sa.String(), nullable=False),
        sa.Column("compared_with", sa.String(), nullable=False),
        sa.Column("duration", sa.String(), nullable=True),
        sa.Column("injury_phases", sa.JSON(), nullable=False),
        sa.Column("injury_level", sa.String(), nullable=True),
        sa.Column("injury_severity", sa.String(), nullable=True),
        sa.Column("harms", sa.String(), nullable=True),
        sa.Column("pictogram", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("funding", sa.String(), nullable=True),
        sa.Column("conflicts", sa.String(), nullable=True),
        sa.Column("notice", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
    )
    op.create_index(op.f("ix_studies_published"), "studies", ["published"], unique=False)
    op.create_table(
        "summaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=70), nullable=False),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=True),
        sa.Column("related", sa.JSON(), nullable=False),
        sa.Column("support_note", sa.Boolean(), nullable=False),
        sa.Column("exception", sa.String(), nullable=True),
        sa.Column("rests_on", sa.String(), nullable=False),
        sa.Column("simple_explanation", sa.String(), nullable=False),
        sa.Column("key_findings", sa.JSON(), nullable=False),
        sa.Column("research_summary", sa.String(), nullable=False),
        sa.Column("implications", sa.JSON(), nullable=False),
        sa.Column("limitations", sa.JSON(), nullable=False),
        sa.Column("harms", sa.String(), nullable=True),
        sa.Column("reading_grade", sa.Double(), nullable=False),
        sa.Column("loaded_digest", sa.String(), nullable=True),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("changed_after_feedback", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_summaries_study_id_studies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summaries")),
        sa.UniqueConstraint("key", name=op.f("uq_summaries_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_summaries_slug")),
        sa.UniqueConstraint("study_id", name=op.f("uq_summaries_study_id")),
    )
    op.create_index(op.f("ix_summaries_published_on"), "summaries", ["published_on"], unique=False)
    op.create_table(
        "old_slugs",
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["summary_id"], ["summaries.id"], name=op.f("fk_old_slugs_summary_id_summaries"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_old_slugs")),
    )
    op.create_index(op.f("ix_old_slugs_summary_id"), "old_slugs", ["summary_id"], unique=False)
    op.create_table(
        "summary_categories",
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_summary_categories_category_id_categories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"],
            ["summaries.id"],
            name=op.f("fk_summary_categories_summary_id_summaries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("summary_id", "category_id", name=op.f("pk_summary_categories")),
    )
    op.create_index(
        op.f("ix_summary_categories_category_id"), "summary_categories", ["category_id"], unique=False
    )
