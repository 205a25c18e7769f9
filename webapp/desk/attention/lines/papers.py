"""Papers: what became of those that have a summary, those that readers asked for, and new ones."""

from __future__ import annotations

from textwrap import shorten

from flask import url_for

from webapp.desk.attention.lines.line import Line, named, others
from webapp.desk.attention.waiting import Attention
from webapp.documents.checking import RETRACTED
from webapp.formats import number, plural

MOST_OF_TITLE = 120
WATCHED = {
    "retracted": "The paper of {} was withdrawn. The notice is up, and waits for your look.",
    "missing": "The paper of {} was withdrawn, and our page does not say so.",
    "gone": "Nobody says any more that the paper of {} was withdrawn. Our notice is up.",
    "notices": "A notice was found about the paper of {}.",
}
"""By what the watch asks."""


def watched(of: Attention) -> Line | None:
    papers = of.papers
    if not papers.number:
        return None
    sentence = WATCHED[papers.asks].format(named(papers.title.removeprefix(RETRACTED)))
    sentence += others(papers.number, "paper")
    if papers.number == 1:
        url, link = url_for("desk.watch.show", id_=papers.document_id), "See what became of it"
    else:
        url, link = url_for("desk.watch.index"), "See what became of papers"
    return Line("What became of papers", sentence, url, link)


def asked(of: Attention) -> Line | None:
    count, most = of.asked
    if most is None:
        return None
    paper = named(shorten(most.title, MOST_OF_TITLE, placeholder=" …"))
    wanted = f"{paper}, wanted by {plural(most.wants, 'reader')}"
    if count == 1:
        sentence = f"A paper that readers asked for waits for your answer: {wanted}."
        return Line("Papers readers asked for", sentence, url_for("desk.asked.show", id_=most.id), "Answer the readers")
    sentence = f"{number(count)} papers that readers asked for wait for your answer, first of all {wanted}."
    return Line("Papers readers asked for", sentence, url_for("desk.asked.index"), "See what readers asked for")


def new(of: Attention) -> Line | None:
    if not of.new_papers:
        return None
    return Line(
        "New papers",
        f"{plural(of.new_papers, 'new paper')} {'waits' if of.new_papers == 1 else 'wait'} for your look.",
        url_for("desk.papers.index"),
        "See the new papers",
    )
