"""The document that a URL names, for every page that stands at one's address."""

from __future__ import annotations

from typing import NoReturn

from flask import abort, redirect, request, url_for
from werkzeug.exceptions import Gone

from webapp.documents.queries import moved_from
from webapp.models import Summary
from webapp.research import queries


def summary_or_moved(slug: str) -> queries.Shown:
    """The public summary at a slug. For a slug that is no longer one, the answer ends here, as `abort_moved` says."""
    return queries.summary_at(slug) or abort_moved("summary", slug)


def row_or_moved(slug: str) -> Summary:
    """The same of what lists know of it, for pages that show none of its text."""
    return queries.row_at(slug) or abort_moved("summary", slug)


def abort_moved(kind: str, slug: str) -> NoReturn:
    """Answer for a slug at which no public document stands: the same page under the new slug (308), gone, with the
    owner's sentence (410), or not found (404).
    """
    moved = moved_from(kind, slug)
    if moved is None:
        abort(404)
    if moved.to is None:
        raise Gone(moved.sentence)
    abort(redirect(url_for(str(request.endpoint), slug=moved.to), 308))
