"""Latest Research, and one summary."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, Response, make_response, request, url_for
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.editorial.injury import levels_in
from webapp.glossary.queries import current_glossary
from webapp.htmx import push_url, render_page, wants_fragment
from webapp.page_cache.cacheable import cacheable
from webapp.research import queries
from webapp.research.contents import METHODS, contents_of, joining_title, shown_sections
from webapp.research.facts import BECAME, certainty_of, facts_of, paper_facts, records_of
from webapp.research.filters import ResearchFilter
from webapp.research.linked_data import linked_data
from webapp.research.listing import research_page
from webapp.research.lookup import summary_or_moved
from webapp.research.missed import count_afterwards
from webapp.research.origins import told
from webapp.research.pictures import pictures_of
from webapp.watch.trials.queries import shown_trials

bp = Blueprint("research", __name__, url_prefix="/research")


@bp.get("/")
@cacheable(query=ResearchFilter.from_query)
def index() -> Response:
    page = research_page(ResearchFilter.from_query(request.args))

    def page_url(**changes: str | int) -> str:
        return url_for(".index", **page.criteria.query(**changes))  # type: ignore[arg-type]

    body = render_page("research/index.html", fragment="results", page=page, page_url=page_url)
    response = push_url(make_response(body), page_url(page=page.criteria.page))
    # A fragment may be asked for with half a word, after a pause while typing: only what was sent is counted.
    words = None if wants_fragment() else page.missed_words
    return count_afterwards(response, words) if words else response


@bp.get("/<slug:slug>")
@cacheable
def show(slug: str) -> str:
    shown = summary_or_moved(slug)
    summary, content = shown.summary, shown.content
    pictures = pictures_of(content.study)
    trials = [] if content.study.is_retracted else shown_trials(content.study.registrations, clock.now())
    joinable = [trial for trial in trials if trial.is_open]
    return render_page(
        "research/show.html",
        summary=summary,
        study=summary.study,
        content=content,
        facts=content.study,
        sections=[section for section in shown_sections(content, pictures) if section.field != METHODS.field],
        methods=METHODS,
        contents=contents_of(content, pictures, len(joinable)),
        joinable=joinable,
        joining_title=joining_title(len(joinable)),
        pictures=pictures,
        facts_of_study=facts_of(content),
        paper=paper_facts(content),
        certainty=certainty_of(content),
        records=records_of(content, trials),
        became=BECAME,
        levels=levels_in(content.study.injury_level or ""),
        people_elsewhere=queries.cards_by_key(content.study.in_people.summaries if content.study.in_people else []),
        marked=current_glossary().section(),
        told=told,
        related=queries.cards_by_key([one.summary for one in content.related]),
        linked_data=linked_data(summary),
    )


@bp.get("/<slug:slug>/cite.ris")
@cacheable
def cite_ris(slug: str) -> AnyResponse:
    return _citation(slug, "ris", "application/x-research-info-systems", "ris")


@bp.get("/<slug:slug>/cite.bib")
@cacheable
def cite_bib(slug: str) -> AnyResponse:
    return _citation(slug, "bibtex", "application/x-bibtex", "bib")


def _citation(slug: str, form: Literal["ris", "bibtex"], mimetype: str, ending: str) -> AnyResponse:
    from webapp.research import citations  # its libraries are large, and few readers cite

    write = {"ris": citations.ris, "bibtex": citations.bibtex}[form]
    summary = summary_or_moved(slug).summary
    response = make_response(write(summary))
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{summary.key}.{ending}"'
    return response
