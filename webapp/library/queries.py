"""What the library already holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import aliased

from webapp.extensions import db
from webapp.models import Category, Document, LoadedEntry, Revision, Study, Subscriber, Summary, Term
from webapp.models.category import EVERYTHING
from webapp.site import site_language

Name = tuple[str, str, str]
"""Kind, language and key of a document."""
AT_ONCE = 200
"""Documents read in one go, where all of them would be too large."""


@dataclass
class Known:
    """The names that are there before files are loaded: one short row for each document."""

    language: str
    categories: set[str] = field(default_factory=set)
    led_on: dict[str, str] = field(default_factory=dict)
    """Where each category leads that has made room for another."""
    summaries: dict[str, set[str]] = field(default_factory=dict)
    """Keys of all summaries, drafts too, by language."""
    languages: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """In which languages each document is here, by kind and key."""
    slugs: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The key of the document at each kind, language and slug."""
    frozen: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The slug of each document that was ever published, by its name."""
    papers: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The keys of the public summaries of each paper, by language and DOI: one, or two on an older site."""

    def stands_at(self, category: str) -> str:
        """The category at which the answer to one stands."""
        leads_to = self.led_on.get(category)
        return leads_to if leads_to and leads_to != EVERYTHING else category

    @classmethod
    def load(cls) -> Known:
        known = cls(site_language())
        for category, leads_to in db.session.execute(select(Category.slug, Category.leads_to)):
            known.categories.add(category)
            if leads_to:
                known.led_on[category] = leads_to
        rows = select(Document.kind, Document.language, Document.key, Document.slug, Document.first_published_at)
        for kind, language, key, slug, first_published_at in db.session.execute(rows):
            if kind == "summary":
                known.summaries.setdefault(language, set()).add(key)
            known.languages.setdefault((kind, key), set()).add(language)
            if slug:
                known.slugs[kind, language, slug] = key
            if slug and first_published_at:
                known.frozen[kind, language, key] = slug
        papers = select(Summary.language, Study.doi, Summary.key).join(Study).where(Study.doi.is_not(None))
        for language, doi, key in db.session.execute(papers):
            known.papers.setdefault((language, str(doi)), set()).add(key)
        return known


@dataclass(frozen=True)
class State:
    """How a document stands, as far as a file can change it."""

    document_id: int
    revision_id: int
    """Of its newest revision."""
    number: int
    """Of its newest revision."""
    digest: str
    file_digest: str | None
    """Of the newest revision that came from a file."""
    live_digest: str | None
    scheduled_digest: str | None
    slug: str | None
    newest_slug: str | None
    """As the newest revision names it."""
    scheduled_slug: str | None
    go_live_at: dt.datetime | None
    is_taken_down: bool


def states() -> dict[Name, State]:
    """Every document's state: digests, no texts."""
    newest, live, scheduled = aliased(Revision), aliased(Revision), aliased(Revision)
    numbers = select(Revision.document_id, func.max(Revision.number).label("number")).group_by(Revision.document_id)
    last = numbers.subquery()
    last_file = numbers.where(Revision.origin == "file").subquery()
    from_file = aliased(Revision)
    rows = (
        select(
            Document,
            newest.id,
            newest.number,
            newest.digest,
            from_file.digest,
            live.digest,
            scheduled.digest,
            newest.content["slug"].as_string(),
            scheduled.content["slug"].as_string(),
        )
        .join(last, last.c.document_id == Document.id)
        .join(newest, (newest.document_id == Document.id) & (newest.number == last.c.number))
        .outerjoin(last_file, last_file.c.document_id == Document.id)
        .outerjoin(from_file, (from_file.document_id == Document.id) & (from_file.number == last_file.c.number))
        .outerjoin(live, live.id == Document.live_revision_id)
        .outerjoin(scheduled, scheduled.id == Document.scheduled_revision_id)
    )
    found = {}
    for document, *revisions in db.session.execute(rows):
        revision_id, number, digest, file_digest, live_digest, scheduled_digest, newest_slug, scheduled_slug = revisions
        found[document.kind, document.language, document.key] = State(
            document_id=document.id,
            revision_id=revision_id,
            number=number,
            digest=digest,
            file_digest=file_digest,
            live_digest=live_digest,
            scheduled_digest=scheduled_digest,
            slug=document.slug,
            newest_slug=newest_slug,
            scheduled_slug=scheduled_slug,
            go_live_at=document.go_live_at,
            is_taken_down=document.unpublished_at is not None,
        )
    db.session.expunge_all()
    return found


def documents_with_texts() -> Iterator[tuple[Document, Revision, Revision | None, Revision | None]]:
    """Every document with its newest revision, the live and the scheduled one, if any; some at a time."""
    newest, live, scheduled = aliased(Revision), aliased(Revision), aliased(Revision)
    last = select(func.max(Revision.number)).where(Revision.document_id == Document.id).scalar_subquery()
    rows = (
        select(Document, newest, live, scheduled)
        .select_from(Document)
        .join(newest, (newest.document_id == Document.id) & (newest.number == last))
        .outerjoin(live, live.id == Document.live_revision_id)
        .outerjoin(scheduled, scheduled.id == Document.scheduled_revision_id)
        .order_by(Document.id)
        .limit(AT_ONCE)
    )
    after = 0
    while batch := db.session.execute(rows.where(Document.id > after)).all():
        yield from batch
        after = batch[-1][0].id
        db.session.expunge_all()


class Paper(NamedTuple):
    """The paper of a public summary, with what names it elsewhere."""

    slug: str
    title: str
    """Of the summary."""
    pmid: str | None
    pmcid: str | None
    doi: str | None


def named_papers() -> Iterator[Paper]:
    """The papers of all public summaries that have a number or a DOI; some at a time."""
    rows = (
        select(Summary.slug, Summary.title, Study.pmid, Study.pmcid, Study.doi)
        .join(Study, Study.document_id == Summary.document_id)
        .where(or_(Study.pmid.is_not(None), Study.pmcid.is_not(None), Study.doi.is_not(None)))
        .order_by(Summary.document_id)
    )
    for row in db.session.execute(rows, execution_options={"yield_per": AT_ONCE}):
        yield Paper(*row)


def document_count() -> int:
    return db.session.scalar(select(func.count(Document.id))) or 0


def every_category() -> list[Category]:
    """All categories in their order."""
    return list(db.session.scalars(select(Category).order_by(Category.position)))


def every_term() -> list[Term]:
    """All terms from A to Z, also those that lead to another."""
    return list(db.session.scalars(select(Term).order_by(Term.name)))


def loaded_rows(list_name: str) -> dict[str, LoadedEntry]:
    """A list as files had it last, by slug, in its order."""
    rows = select(LoadedEntry).where(LoadedEntry.list_name == list_name)
    return {row.slug: row for row in db.session.scalars(rows.order_by(LoadedEntry.position, LoadedEntry.slug))}


def loaded_entries(list_name: str) -> dict[str, dict[str, Any]]:
    return {slug: row.entry for slug, row in loaded_rows(list_name).items()}


def subscribers_to(topic: str) -> list[Subscriber]:
    """Who chose a topic, confirmed or not. One statement, which reads no other reader."""
    return list(db.session.scalars(select(Subscriber).where(chose(topic))))


def chose(topic: str) -> ColumnElement[bool]:
    """Whether a reader asked for letters on a topic."""
    return cast(Subscriber.topics, String).contains(f'"{topic}"', autoescape=True)


def is_empty() -> bool:
    """Whether nothing was ever loaded or written here, besides the pages that stand from the start."""
    written = select(Document.id).where(Document.kind != "page").limit(1)
    lists = (select(model.id).limit(1) for model in (Category, Term))
    return all(db.session.scalar(rows) is None for rows in (written, *lists))
