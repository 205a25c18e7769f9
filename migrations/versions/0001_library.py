"""The library: studies, summaries, categories, glossary, edition, and the search index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Stems for finding; the words as they stand, for "Did you mean ...?".
SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE summary_search USING fts5(
        title, description, categories, paper, people, findings, body, names,
        tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
    )
    """,
    "CREATE VIRTUAL TABLE summary_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE summary_vocabulary USING fts5vocab(summary_words, row)",
)
# Porter's stems, and no word left out, as there.
POSTGRESQL_SEARCH = (
    "CREATE TEXT SEARCH DICTIONARY summary_stem (TEMPLATE = snowball, Language = porter)",
    "CREATE TEXT SEARCH CONFIGURATION summary_search (COPY = simple)",
    """
    ALTER TEXT SEARCH CONFIGURATION summary_search
    ALTER MAPPING FOR asciiword, word, numword WITH summary_stem
    """,
    """
    CREATE TABLE summary_search (
        id INTEGER PRIMARY KEY, description TEXT NOT NULL, findings TEXT NOT NULL, body TEXT NOT NULL,
        stems TSVECTOR NOT NULL, words TSVECTOR NOT NULL
    )
    """,
    "CREATE INDEX ix_summary_search_stems ON summary_search USING gin (stems)",
)


def upgrade():
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("slug", name=op.f("uq_categories_slug")),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
    )
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
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_studies_published"), ["published"], unique=False)

    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("name", name=op.f("uq_terms_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_terms_slug")),
    )
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
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_summaries_study_id_studies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summaries")),
        sa.UniqueConstraint("key", name=op.f("uq_summaries_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_summaries_slug")),
        sa.UniqueConstraint("study_id", name=op.f("uq_summaries_study_id")),
    )
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_summaries_published_on"), ["published_on"], unique=False)

    op.create_table(
        "old_slugs",
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["summary_id"], ["summaries.id"], name=op.f("fk_old_slugs_summary_id_summaries"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_old_slugs")),
    )
    with op.batch_alter_table("old_slugs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_old_slugs_summary_id"), ["summary_id"], unique=False)

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
    with op.batch_alter_table("summary_categories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_summary_categories_category_id"), ["category_id"], unique=False)

    for statement in SQLITE_SEARCH if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_SEARCH:
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        for name in ("summary_vocabulary", "summary_words", "summary_search"):
            op.execute(f"DROP TABLE {name}")
    else:
        op.execute("DROP TABLE summary_search")
        op.execute("DROP TEXT SEARCH CONFIGURATION summary_search")
        op.execute("DROP TEXT SEARCH DICTIONARY summary_stem")
    with op.batch_alter_table("summary_categories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_summary_categories_category_id"))

    op.drop_table("summary_categories")
    with op.batch_alter_table("old_slugs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_old_slugs_summary_id"))

    op.drop_table("old_slugs")
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_summaries_published_on"))

    op.drop_table("summaries")
    op.drop_table("terms")
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_studies_published"))

    op.drop_table("studies")
    op.drop_table("editions")
    op.drop_table("categories")
