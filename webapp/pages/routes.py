"""Home and the standing pages."""

from __future__ import annotations

from flask import Blueprint

from webapp.categories.queries import counted_categories
from webapp.documents.queries import corrections_of, live_at
from webapp.documents.schema import PageContent
from webapp.htmx import render_page
from webapp.page_cache.cacheable import cacheable
from webapp.pages.inserts import insert
from webapp.pages.queries import published_count
from webapp.pages.text import draw
from webapp.research.lookup import abort_moved
from webapp.research.queries import newest_summaries

bp = Blueprint("pages", __name__)

NEWEST_ON_HOME = 6


@bp.get("/")
@cacheable
def home() -> str:
    return render_page(
        "pages/home.html",
        newest=newest_summaries(NEWEST_ON_HOME),
        groups=counted_categories(),
        total=published_count(),
    )


@bp.get("/<slug:slug>")
@cacheable
def show(slug: str) -> str:
    live = live_at(PageContent, slug) or abort_moved("page", slug)
    text = draw(live.content.text, insert)
    corrections = corrections_of(live.document)
    return render_page(
        "pages/show.html", document=live.document, content=live.content, text=text, corrections=corrections
    )
