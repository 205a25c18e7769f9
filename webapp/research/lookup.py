"""The summary that a URL names, for every page below /research/<slug>."""

from __future__ import annotations

from flask import abort, redirect, request, url_for

from webapp.models import Summary
from webapp.research import queries


def summary_or_moved(slug: str) -> Summary:
    """The public summary at a slug. For a slug that is no longer one, the answer ends here: the same page under the
    new slug (308), gone (410), or not found (404).
    """
    summary = queries.summary_at(slug)
    if summary is not None:
        return summary
    moved = queries.moved_from(slug)
    if moved is None:
        abort(404)
    if moved.to is None:
        abort(410)
    return abort(redirect(url_for(str(request.endpoint), slug=moved.to), 308))
