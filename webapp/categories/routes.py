"""Categories: all of them, and the list of one."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, request, url_for

from webapp.categories import queries
from webapp.editorial.evidence import CERTAINTIES
from webapp.editorial.sections import TOPIC
from webapp.errors import or_404
from webapp.glossary.queries import current_glossary
from webapp.htmx import push_url, render_page
from webapp.page_cache.cacheable import cacheable
from webapp.research.filters import ResearchFilter
from webapp.research.listing import research_page

bp = Blueprint("categories", __name__, url_prefix="/categories")


@bp.get("/")
@cacheable
def index() -> str:
    return render_page("categories/index.html", groups=queries.counted_categories())


@bp.get("/<slug:slug>")
@cacheable(query=ResearchFilter.from_query)
def show(slug: str) -> Response:
    page = research_page(replace(ResearchFilter.from_query(request.args), category=slug))
    category = or_404(next((one for one in page.categories if one.slug == slug), None))

    def page_url(**changes: str | int) -> str:
        query = page.criteria.query(**changes)
        query.pop("category", None)
        return url_for(".show", slug=slug, **query)  # type: ignore[arg-type]

    answer = queries.answer_of(category)
    body = render_page(
        "categories/show.html",
        fragment="results",
        page=page,
        category=category,
        page_url=page_url,
        answer=answer,
        certainties=CERTAINTIES,
        sections=TOPIC,
        marked=current_glossary().section() if answer else None,
    )
    return push_url(make_response(body), page_url(page=page.criteria.page))
