"""Categories: all of them, and the list of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.categories import queries
from webapp.categories.chart import chart_of
from webapp.categories.filters import TrialFilter
from webapp.categories.glance import glance_at
from webapp.editorial.evidence import CERTAINTIES
from webapp.editorial.results import ResultKind
from webapp.editorial.sections import TOPIC
from webapp.errors import or_404
from webapp.glossary.queries import current_glossary
from webapp.htmx import push_url, render_page
from webapp.models.category import EVERYTHING, Category
from webapp.page_cache.cacheable import cacheable
from webapp.research.filters import ResearchFilter
from webapp.research.listing import research_page
from webapp.research.origins import told
from webapp.watch.recruiting.queries import trials_for

MOST_RECRUITING = 5
"""Trials on the page of a topic; the page of its trials has the others."""

bp = Blueprint("categories", __name__, url_prefix="/categories")


@bp.get("/")
@cacheable
def index() -> str:
    groups = queries.counted_categories()
    first, *others = groups or {"": []}
    return render_page(
        "categories/index.html",
        glance=glance_at([counted.category for counted in groups.get(first, [])]),
        first=first,
        groups={group: groups[group] for group in others},
        other_names=queries.other_names(),
        names={one.category.slug: one.category.name for group in groups.values() for one in group},
        kinds=list(ResultKind),
    )


@bp.get("/<slug:slug>")
@cacheable(query=ResearchFilter.from_query)
def show(slug: str) -> AnyResponse:
    criteria = replace(ResearchFilter.from_query(request.args), category=slug)
    if criteria.q:  # a search in a category is one of the list of all summaries
        criteria = replace(criteria, category=or_404(queries.category_at(slug)).slug)
        return redirect(url_for("research.index", **criteria.query()))  # type: ignore[arg-type]
    page = research_page(criteria)
    category = next((one for one in page.categories if one.slug == slug), None)
    if category is None:
        return _elsewhere(or_404(queries.category_at(slug)))

    def page_url(**changes: str | int) -> str:
        query = page.criteria.query(**changes)
        query.pop("category", None)
        return url_for("categories.show", slug=slug, **query)  # type: ignore[arg-type]

    answer, tried = queries.answer_of(category), queries.tried_in(category)
    body = render_page(
        "categories/show.html",
        fragment="results",
        page=page,
        category=category,
        topics=[slug, *queries.merged_into(slug, page.categories)],
        page_url=page_url,
        answer=answer,
        tried=tried,
        recruiting=trials_for(category, clock.now()),
        most_recruiting=MOST_RECRUITING,
        most_tried=queries.MOST_TRIED,
        chart=chart_of(tried),
        kinds=list(ResultKind),
        certainties=CERTAINTIES,
        sections=TOPIC,
        marked=current_glossary().section() if answer else None,
        told=told,
    )
    return push_url(make_response(body), page_url(page=page.criteria.page))


@bp.get("/<slug:slug>/trials")
@cacheable(query=TrialFilter.from_query)
def trials(slug: str) -> AnyResponse:
    """All trials of a topic that we list, or those in one country."""
    category = or_404(queries.category_at(slug))
    if category.leads_to:
        return _elsewhere(category)
    recruiting, wanted = or_404(trials_for(category, clock.now())), TrialFilter.from_query(request.args)
    if wanted.country and wanted.country not in recruiting.countries:
        return redirect(url_for(".trials", slug=slug))
    shown = {"category": category, "country": wanted.country, "recruiting": recruiting}
    in_country = recruiting.in_country(wanted.country)
    body = render_page("categories/trials.html", fragment="results", trials=in_country, **shown)
    return push_url(make_response(body), url_for(".trials", slug=slug, country=wanted.country or None))


def _elsewhere(category: Category) -> AnyResponse:
    """To where the name of a category leads, narrowed as it was."""
    asked: dict[str, Any] = ResearchFilter.from_query(request.args).query()
    if category.leads_to == EVERYTHING:
        return redirect(url_for("research.index", **asked), 308)
    return redirect(url_for("categories.show", slug=or_404(category.leads_to), **asked), 308)
