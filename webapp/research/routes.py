"""Latest Research, and one summary."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from werkzeug import Response as AnyResponse

from webapp.glossary.marking import Glossary
from webapp.glossary.queries import every_term
from webapp.htmx import push_address, render_page
from webapp.page_cache import cacheable
from webapp.research import citations, queries
from webapp.research.filters import ResearchFilter
from webapp.research.linked_data import linked_data

bp = Blueprint("research", __name__, url_prefix="/research")


@bp.get("/")
@cacheable(query=ResearchFilter.from_query)
def index() -> Response:
    page = queries.research_page(ResearchFilter.from_query(request.args))

    def address(**changes: str | int) -> str:
        return url_for(".index", **page.filter.query(**changes))  # type: ignore[arg-type]

    body = render_page("research/index.html", fragment="results", page=page, address=address)
    return push_address(make_response(body), address(page=page.filter.page))


@bp.get("/<slug>")
@cacheable
def show(slug: str) -> str | AnyResponse:
    summary = queries.summary_at(slug)
    if summary is None:
        return moved(slug, "research.show")
    return render_page(
        "research/show.html",
        summary=summary,
        study=summary.study,
        glossary=Glossary(every_term()),
        related=queries.related_summaries(summary),
        linked_data=linked_data(summary),
    )


@bp.get("/<slug>/cite.ris")
@cacheable
def cite_ris(slug: str) -> AnyResponse:
    return _citation(slug, citations.ris, "application/x-research-info-systems", "ris")


@bp.get("/<slug>/cite.bib")
@cacheable
def cite_bib(slug: str) -> AnyResponse:
    return _citation(slug, citations.bibtex, "application/x-bibtex", "bib")


def _citation(slug: str, write: citations.Writer, mimetype: str, ending: str) -> AnyResponse:
    summary = queries.summary_at(slug)
    if summary is None:
        return moved(slug, f"research.cite_{ending}")
    response = make_response(write(summary))
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{summary.key}.{ending}"'
    return response


def moved(slug: str, endpoint: str) -> AnyResponse:
    """Where an old address leads: on, to the page that says it is gone, or nowhere."""
    moved = queries.moved_from(slug)
    if moved is None:
        abort(404)
    if moved.to is None:
        abort(410)
    return redirect(url_for(endpoint, slug=moved.to), 308)
