"""The site as it would be with a draft in it, for one page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from webapp.documents import queries
from webapp.documents.checking import summaries_named_in, unknown_names
from webapp.documents.drafts import shape_problems
from webapp.documents.problems import InvalidDocumentError
from webapp.documents.publishing import Ready, make_live
from webapp.documents.schema import Content, NewerContentError, parse
from webapp.extensions import db
from webapp.models import Document, Revision


@contextmanager
def as_if_live(document: Document, revision: Revision) -> Iterator[str]:
    """Its slug, while the database is as if the revision were what readers see; in the end nothing has happened.

    Raises InvalidDocumentError when too much is missing. What only its wording keeps from publishing can be shown.
    """
    try:
        make_live(db.session(), [Ready(document, revision, _shown(document, revision))])
        db.session.flush()
        yield document.slug or document.key
    finally:
        db.session.rollback()


def _shown(document: Document, revision: Revision) -> Content:
    try:
        problems = shape_problems(document.kind, revision.content, revision.schema_version)
    except NewerContentError:
        raise InvalidDocumentError([]) from None
    if problems:
        raise InvalidDocumentError(problems)
    content = parse(document.kind, revision.content, revision.schema_version)
    others = {key for _, key in summaries_named_in(content)}  # those that are not there yet are left out
    if unknown := unknown_names(content, queries.category_slugs(), others):
        raise InvalidDocumentError(unknown)
    return content
