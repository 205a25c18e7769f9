"""Home and the standing pages."""

from __future__ import annotations

from flask import Blueprint

from webapp.categories.queries import counted_categories
from webapp.editorial.designs import DESIGNS, Stage
from webapp.editorial.evidence import LARGER_TRIAL, LEVELS
from webapp.editorial.readability import MAX_GRADE, MAX_SENTENCE_WORDS
from webapp.feedback.queries import MIN_PUBLIC_VOTES
from webapp.htmx import render_page
from webapp.page_cache import cacheable
from webapp.pages.queries import published_count
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


@bp.get("/about")
@cacheable
def about() -> str:
    return render_page("pages/about.html", total=published_count())


@bp.get("/how-we-write")
@cacheable
def how_we_write() -> str:
    return render_page(
        "pages/how_we_write.html",
        levels=LEVELS,
        stages=list(Stage),
        designs=DESIGNS,
        larger_trial=LARGER_TRIAL,
        max_grade=MAX_GRADE,
        max_sentence_words=MAX_SENTENCE_WORDS,
    )


@bp.get("/disclaimer")
@cacheable
def disclaimer() -> str:
    return render_page("pages/disclaimer.html")


@bp.get("/privacy")
@cacheable
def privacy() -> str:
    return render_page("pages/privacy.html", min_public_votes=MIN_PUBLIC_VOTES)


@bp.get("/accessibility")
@cacheable
def accessibility() -> str:
    return render_page("pages/accessibility.html")
