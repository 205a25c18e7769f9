"""For machines: Atom feeds, sitemap, robots."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, render_template, url_for

from webapp.errors import or_404
from webapp.feeds import queries
from webapp.feeds.atom import atom
from webapp.page_cache.cacheable import cacheable
from webapp.research.queries import newest_summaries
from webapp.site_words import site_words
from webapp.urls import absolute_url

bp = Blueprint("feeds", __name__)

ENTRIES = 30
"""Summaries in a feed, and at most so many corrections and news of trials beside them."""
PAGES_IN_SITEMAP = 20_000
"""A file may hold 50,000 (sitemaps.org)."""


@bp.get("/feed.atom")
@cacheable
def all_summaries() -> Response:
    words = site_words()
    body = atom(
        words.name,
        words.mission,
        url_for("research.index"),
        url_for(".all_summaries"),
        summaries=newest_summaries(ENTRIES),
        corrections=queries.latest_corrections(ENTRIES),
        trials=queries.latest_trial_changes(ENTRIES),
    )
    return Response(body, mimetype="application/atom+xml")


@bp.get("/categories/<slug:slug>/feed.atom")
@cacheable
def one_category(slug: str) -> Response:
    category = or_404(queries.category_at(slug))
    body = atom(
        f"{category.name}: {site_words().name}",
        category.description,
        url_for("categories.show", slug=slug),
        url_for(".one_category", slug=slug),
        summaries=newest_summaries(ENTRIES, category=slug),
        corrections=queries.latest_corrections(ENTRIES, category=slug),
        trials=queries.latest_trial_changes(ENTRIES, category=slug),
    )
    return Response(body, mimetype="application/atom+xml")


@bp.get("/sitemap.xml")
@cacheable
def sitemap() -> Response:
    """Every page; of a library too large for one file, the list of the files that hold them."""
    parts = queries.sitemap_parts(PAGES_IN_SITEMAP)
    if len(parts) > 1:
        urls = [url_for(".sitemap_part", number=number) for number in range(len(parts) + 1)]
        body = render_template("feeds/sitemap_index.xml", urls=[absolute_url(url) for url in urls])
        return Response(body, mimetype="application/xml")
    return _sitemap([*_lists(), *_summaries(parts[0])])


@bp.get("/sitemap-<int:number>.xml")
@cacheable
def sitemap_part(number: int) -> Response:
    parts = queries.sitemap_parts(PAGES_IN_SITEMAP)
    if len(parts) < 2 or number > len(parts):
        abort(404)
    return _sitemap(_summaries(parts[number - 1]) if number else _lists())


def _sitemap(pages: list[tuple[str, dt.date | None]]) -> Response:
    body = render_template("feeds/sitemap.xml", pages=[(absolute_url(path), day) for path, day in pages])
    return Response(body, mimetype="application/xml")


def _summaries(part: tuple[int, int]) -> list[tuple[str, dt.date | None]]:
    return [(url_for("research.show", slug=slug), day) for slug, day in queries.summary_dates(part)]


def _lists() -> list[tuple[str, dt.date | None]]:
    newest = queries.newest_check()
    return [
        *((url_for(endpoint), newest) for endpoint in ("pages.home", "research.index", "categories.index")),
        *((url_for("categories.show", slug=slug), day) for slug, day in queries.category_dates()),
        (url_for("ask.index"), None),
        (url_for("glossary.index"), None),
        *((url_for("glossary.show", slug=slug), None) for slug in queries.term_slugs()),
        *((url_for("pages.show", slug=slug), None) for slug in sorted(queries.page_slugs())),
    ]


@bp.get("/robots.txt")
@cacheable
def robots() -> Response:
    return Response(
        f"User-agent: *\nDisallow:\n\nSitemap: {absolute_url(url_for('.sitemap'))}\n", mimetype="text/plain"
    )
