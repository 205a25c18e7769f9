"""The glossary: terms in plain words."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug import Response as AnyResponse

from webapp.errors import or_404
from webapp.glossary import queries
from webapp.glossary.filters import GlossaryFilter
from webapp.htmx import push_url, render_page
from webapp.models import Term
from webapp.page_cache.cacheable import cacheable

USES_SHOWN = 30
"""Summaries listed below a term: the newest."""

bp = Blueprint("glossary", __name__, url_prefix="/glossary")


@bp.get("/")
@cacheable(query=GlossaryFilter.from_query)
def index() -> Response:
    wanted = GlossaryFilter.from_query(request.args)
    terms = wanted.among(queries.every_term())
    body = render_page(
        "glossary/index.html",
        fragment="results",
        letters=[] if wanted.q else [(letter, list(group)) for letter, group in groupby(terms, _letter)],
        terms=terms,
        count=len(terms),
        looked_for=wanted.q,
    )
    return push_url(make_response(body), url_for(".index", q=wanted.q or None))


@bp.get("/<slug:slug>")
@cacheable
def show(slug: str) -> str | AnyResponse:
    term = or_404(queries.term_at(slug))
    if term.leads_to:
        return redirect(url_for(".show", slug=term.leads_to), 308)
    terms = queries.every_term()
    count = queries.uses_count(term)
    place = terms.index(term)
    return render_page(
        "glossary/show.html",
        term=term,
        using=queries.summaries_using(term, USES_SHOWN, count),
        more=max(0, count - USES_SHOWN),
        before=terms[place - 1] if place else None,
        after=terms[place + 1] if place + 1 < len(terms) else None,
    )


def _letter(term: Term) -> str:
    first = term.name[0]
    return first.upper() if first.isalpha() else "0–9"
