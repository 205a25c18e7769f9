"""For machines: Atom feeds, sitemap, robots."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for

from webapp.errors import or_404
from webapp.feeds import queries
from webapp.feeds.atom import atom
from webapp.page_cache import cacheable
from webapp.research.queries import newest_summaries
from webapp.site import MISSION, SITE_NAME
from webapp.urls import absolute_url

bp = Blueprint("feeds", __name__)

ENTRIES = 30


@bp.get("/feed.atom")
@cacheable
def all_summaries() -> Response:
    body = atom(SITE_NAME, MISSION, url_for("research.index"), url_for(".all_summaries"), newest_summaries(ENTRIES))
    return Response(body, mimetype="application/atom+xml")


@bp.get("/categories/<slug:slug>/feed.atom")
@cacheable
def one_category(slug: str) -> Response:
    category = or_404(queries.category_at(slug))
    body = atom(
        f"{category.name}: {SITE_NAME}",
        category.description,
        url_for("categories.show", slug=slug),
        url_for(".one_category", slug=slug),
        newest_summaries(ENTRIES, category=slug),
    )
    return Response(body, mimetype="application/atom+xml")


@bp.get("/sitemap.xml")
@cacheable
def sitemap() -> Response:
    summaries = queries.summary_dates()
    newest = max((day for _, day in summaries), default=None)
    pages = [
        *((url_for(endpoint), newest) for endpoint in ("pages.home", "research.index", "categories.index")),
        *((url_for("research.show", slug=slug), day) for slug, day in summaries),
        *((url_for("categories.show", slug=slug), day) for slug, day in queries.category_dates()),
        (url_for("glossary.index"), None),
        *((url_for("glossary.show", slug=slug), None) for slug in queries.term_slugs()),
        *((url_for("pages.show", slug=slug), None) for slug in sorted(queries.page_slugs())),
    ]
    body = render_template("feeds/sitemap.xml", pages=[(absolute_url(path), day) for path, day in pages])
    return Response(body, mimetype="application/xml")


@bp.get("/robots.txt")
@cacheable
def robots() -> Response:
    return Response(
        f"User-agent: *\nDisallow:\n\nSitemap: {absolute_url(url_for('.sitemap'))}\n", mimetype="text/plain"
    )
