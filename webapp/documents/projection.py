"""What lists, the search and the counts know of a document: written here, from its live revision, and nowhere else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from webapp.database import UNSEEN
from webapp.documents import facets
from webapp.documents.schema import SummaryContent, parse_as
from webapp.documents.search_text import entry_of, facts_of, prose_of
from webapp.documents.study import Outcome as Measured
from webapp.documents.study import Study as StudySchema
from webapp.editorial import readability
from webapp.editorial.evidence import appraise
from webapp.editorial.results import result_of
from webapp.glossary.marking import Glossary
from webapp.models import (
    Category,
    CategoryLink,
    Document,
    Outcome,
    PhaseLink,
    Revision,
    Study,
    Summary,
    Term,
    TermLink,
    TrialLink,
)
from webapp.scholarly.identifiers import trial_numbers
from webapp.search.engines import index
from webapp.search.index import Entry

BATCH = 20
"""Documents that are written in one go: a fraction of a second, in which nobody else can write."""
IDS_AT_ONCE = 1_000
"""Summaries that are counted with one statement."""
PROJECTED: tuple[type[Any], ...] = (Summary, Study, Outcome, CategoryLink, PhaseLink, TermLink, TrialLink)
"""The tables with rows of one document, parents first."""
_STUDY_COLUMNS = [name for name in StudySchema.model_fields if name in Study.__table__.columns]


def lock(session: Session, documents: Collection[Document]) -> None:
    """Let no other process write until this one commits, and look at these documents anew: what was read of them
    before may have changed meanwhile.
    """
    session.flush()
    ids = [document.id for document in documents]
    session.execute(
        update(Document).where(Document.id.in_(ids)).values(is_stale=Document.is_stale),
        execution_options=UNSEEN,
    )
    session.execute(select(Document).where(Document.id.in_(ids)), execution_options={"populate_existing": True}).all()


class Words(NamedTuple):
    """What was found out about the words of a summary."""

    terms: list[int]
    """Ids of the glossary terms in its prose."""
    known: dict[int, Term]
    """The terms in all its texts."""
    reading_grade: float


class Projection:
    """Writes documents into the projected tables of one session. Nothing is committed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        rows = session.execute(select(Category.slug, Category.id, Category.name, Category.leads_to)).all()
        own = {slug: (id_, name) for slug, id_, name, _ in rows}
        self.categories = {slug: own.get(leads_to or slug) for slug, _, _, leads_to in rows}
        """Number and name by slug: those of the category it leads to; None of a name that means everything."""
        terms = session.scalars(Term.listed()).all()
        for term in terms:
            session.expunge(term)  # they outlive each commit of a long run
        self.glossary = Glossary(terms)

    def read(self, content: SummaryContent) -> Words:
        """What takes the time, and no database: to be done before anything is locked."""
        used = self.glossary.used_in(prose_of(content))
        names = [name for _, name in self.categories_of(content)]
        known = used | self.glossary.used_in([*facts_of(content), *names])
        return Words(sorted(used), known, readability.grade(content.simple_explanation))

    def categories_of(self, content: SummaryContent) -> list[tuple[int, str]]:
        """Number and name of each, once."""
        return list(dict.fromkeys(found for slug in content.categories if (found := self.categories.get(slug))))

    def write(self, documents: Collection[Document], read: Mapping[int, Words] | None = None) -> None:
        """Put what these documents now are in the place of what was known of them; one that is not public goes.

        `read`: what was read of some of them already, by the id of the document.
        """
        lock(self.session, documents)
        ids = [document.id for document in documents if document.kind == SummaryContent.kind]
        changes = Counter({cell: -count for cell, count in counted(self.session, ids).items()})
        for model in reversed(PROJECTED):
            self.session.execute(delete(model).where(model.document_id.in_(ids)))
        index(self.session).remove(self.session, ids)
        live = select(Document, Revision).join(Revision, Revision.id == Document.live_revision_id)
        rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
        entries = []
        for document, revision in self.session.execute(live.where(Document.id.in_(ids))):
            content = parse_as(SummaryContent, revision.content, revision.schema_version)
            words = (read or {}).get(document.id) or self.read(content)
            entries.append(self._add(document, content, words, rows))
        for model in PROJECTED:
            if rows[model]:
                self.session.execute(insert(model), rows[model])
        index(self.session).replace(self.session, entries)
        changes.update(counted(self.session, ids))
        facets.add(self.session, changes)
        every = [document.id for document in documents]
        self.session.execute(update(Document).where(Document.id.in_(every)).values(is_stale=False))

    def _add(
        self, document: Document, content: SummaryContent, words: Words, rows: dict[type[Any], list[dict[str, Any]]]
    ) -> Entry:
        """The rows of one public summary, and its words for the search."""
        id_ = document.id
        categories = self.categories_of(content)
        rows[Summary].append({**_summary_row(document, content), "reading_grade": words.reading_grade})
        rows[Study].append(_study_row(id_, content))
        rows[Outcome] += [
            {"document_id": id_, "position": place, **_outcome_row(outcome)}
            for place, outcome in enumerate(content.study.outcomes)
            if not outcome.from_study
        ]
        rows[CategoryLink] += [
            {"document_id": id_, "category_id": category, "position": place}
            for place, (category, _) in enumerate(categories)
        ]
        rows[PhaseLink] += [
            {"document_id": id_, "phase": phase} for phase in dict.fromkeys(content.study.injury_phases)
        ]
        rows[TermLink] += [{"document_id": id_, "term_id": term} for term in words.terms]
        rows[TrialLink] += [
            {"document_id": id_, "number": number} for number in trial_numbers(content.study.registrations)
        ]
        return entry_of(id_, content, [name for _, name in categories], words.known)


def _summary_row(document: Document, content: SummaryContent) -> dict[str, Any]:
    study = content.study
    evidence = appraise(
        study.design,
        participants=study.participants,
        subjects=study.subjects,
        trial_phase=study.trial_phase,
        is_retracted=study.is_retracted,
    )
    result = result_of(study.design, study.own_outcomes, is_retracted=study.is_retracted)
    return {
        "document_id": document.id,
        "key": document.key,
        "language": document.language,
        "slug": document.slug,
        "title": content.title,
        "description": content.description,
        "author": content.author,
        "published_on": document.first_published_at.date() if document.first_published_at else content.date,
        "checked_on": content.lastmod,
        "changed_after_feedback": content.changed_after_feedback,
        "level": evidence.level,
        "stage": evidence.stage.value if evidence.stage else None,
        "result": result.kind.value if result else None,
        "result_why": result.why if result else "",
        "result_caveat": result.caveat if result else "",
        "paper_date": study.published,
        "participants": study.participants,
        "notice": study.notice.kind if study.notice else None,
    }


def _outcome_row(outcome: Measured) -> dict[str, Any]:
    source = outcome.source
    values = outcome.model_dump(mode="json", exclude={"from_study", "source"})
    return values | {"source": source.where, "source_read": source.read, "source_place": source.place}


def _study_row(id_: int, content: SummaryContent) -> dict[str, Any]:
    values = content.study.model_dump(mode="json", include=set(_STUDY_COLUMNS))
    return {"document_id": id_, **values, "published": content.study.published}


def counted(session: Session, ids: Sequence[int]) -> Counter[facets.Cell]:
    """The cells these summaries count in, as the projected tables have them."""
    found: Counter[facets.Cell] = Counter()
    categories, phases = defaultdict(list), defaultdict(list)
    named = select(CategoryLink.document_id, Category.slug).join(Category, Category.id == CategoryLink.category_id)
    for id_, slug in session.execute(named.where(CategoryLink.document_id.in_(ids))):
        categories[id_].append(slug)
    in_phase = select(PhaseLink.document_id, PhaseLink.phase).where(PhaseLink.document_id.in_(ids))
    for id_, phase in session.execute(in_phase):
        phases[id_].append(phase)
    columns = (Summary.document_id, Summary.stage, Summary.level, Summary.result)
    for id_, stage, level, result in session.execute(select(*columns).where(Summary.document_id.in_(ids))):
        found.update(facets.cells_of(categories[id_], phases[id_], stage=stage, level=level, result=result))
    return found


def mark_stale(session: Session, *, kind: str = SummaryContent.kind, among: Select[int] | None = None) -> None:
    """Say that every public document of a kind is to be projected anew, as after a change of the glossary; or those
    of them `among` these ids.
    """
    marked = update(Document).where(Document.kind == kind, Document.is_public())
    if among is not None:
        marked = marked.where(Document.id.in_(among))
    session.execute(marked.values(is_stale=True), execution_options=UNSEEN)


def move_category(session: Session, old: int, new: int) -> None:
    """Let every summary in one category be in another: at once, however many those are. The rest of what is known of
    them, such as the words of the search, is marked to follow.
    """
    mark_stale(session, among=in_category(old))
    ids = list(session.scalars(in_category(old)))
    changes = Counter({cell: -count for cell, count in _counted_in_parts(session, ids).items()})
    other = aliased(CategoryLink)
    place = (
        select(other.position)
        .where(other.document_id == CategoryLink.document_id, other.category_id == old)
        .scalar_subquery()
    )
    links = update(CategoryLink)
    session.execute(  # a summary in both has the earlier of its two places
        links.where(CategoryLink.category_id == new, place < CategoryLink.position).values(position=place),
        execution_options=UNSEEN,
    )
    in_both = CategoryLink.document_id.in_(select(other.document_id).where(other.category_id == new))
    session.execute(delete(CategoryLink).where(CategoryLink.category_id == old, in_both), execution_options=UNSEEN)
    session.execute(links.where(CategoryLink.category_id == old).values(category_id=new), execution_options=UNSEEN)
    changes.update(_counted_in_parts(session, ids))
    facets.add(session, changes)


def in_category(id_: int) -> Select[int]:
    """Ids of the public summaries in a category."""
    return select(CategoryLink.document_id).where(CategoryLink.category_id == id_)


def move_term(session: Session, old: int, new: int) -> None:
    """Let every summary whose prose uses one term be one that uses another."""
    other = aliased(TermLink)
    in_both = TermLink.document_id.in_(select(other.document_id).where(other.term_id == new))
    session.execute(delete(TermLink).where(TermLink.term_id == old, in_both), execution_options=UNSEEN)
    session.execute(update(TermLink).where(TermLink.term_id == old).values(term_id=new), execution_options=UNSEEN)


def _counted_in_parts(session: Session, ids: Sequence[int]) -> Counter[facets.Cell]:
    found: Counter[facets.Cell] = Counter()
    for start in range(0, len(ids), IDS_AT_ONCE):
        found.update(counted(session, ids[start : start + IDS_AT_ONCE]))
    return found


def stale_documents(session: Session, limit: int = BATCH) -> list[Document]:
    """The next documents that are to be projected anew."""
    return list(session.scalars(select(Document).where(Document.is_stale).order_by(Document.id).limit(limit)))


def rebuild(session: Session, after_batch: Callable[[], None] = lambda: None) -> int:
    """Make everything projected anew from the live revisions; how many documents those were.

    `after_batch` may commit: readers see what was there until then.
    """
    public = select(Document.id).where(Document.kind == SummaryContent.kind, Document.is_public())
    session.execute(delete(Summary).where(Summary.document_id.not_in(public)))
    mark_stale(session)
    after_batch()
    count = write_stale(session, after_batch)
    index(session).keep_only(session, select(Summary.document_id))
    ids = list(session.scalars(select(Summary.document_id)))
    facets.clear(session)
    for start in range(0, len(ids), IDS_AT_ONCE):
        facets.add(session, counted(session, ids[start : start + IDS_AT_ONCE]))
    after_batch()
    return count


def write_stale(session: Session, after_batch: Callable[[], None], most: int | None = None) -> int:
    """Project anew what is marked for it, some at a time; how many those were. About `most`, if it is given."""
    projection, count = Projection(session), 0
    while (most is None or count < most) and (documents := stale_documents(session)):
        projection.write(documents)
        count += len(documents)
        after_batch()
    return count
