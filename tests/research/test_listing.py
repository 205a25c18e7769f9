"""Lists come from the database in their order, page by page, from its indexes; counts are those of counting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.conftest import site_on
from tests.factories import make_categories, make_documents, make_summary_file
from tests.page import PageClient
from webapp.database import one_for
from webapp.extensions import db
from webapp.models import Summary
from webapp.research.filters import FACET_NAMES, SORTS, ResearchFilter
from webapp.research.listing import PAGE_SIZE, ResearchPage, research_page

DATES = (None, "2020", "2020-03", "2020-03-04", "2021-01-02", "2019")
DESIGNS = ("rct", "animal", "qualitative", "single_arm_trial", "cohort")


def facts_of_sixty() -> list[dict[str, Any]]:
    """Summaries of all sorts, as plain facts."""
    facts: list[dict[str, Any]] = []
    for number, (date, design) in enumerate(product(DATES, DESIGNS * 2)):
        categories = [name for bit, name in enumerate(("pain", "bladder", "skin")) if (number + 1) >> bit & 1] or [
            "skin"
        ]
        phases = [phase for bit, phase in enumerate(("acute", "chronic")) if number >> bit & 1]
        facts.append({
            "key": f"number-{number:02}", "categories": categories,
            "study": {"published": date, "design": design, "injury_phases": phases,
                      "participants": number % 7 * 20 or None},
        })  # fmt: skip
    return facts


@pytest.fixture(scope="module")
def library(empty_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, list[dict[str, Any]]]:
    """A site with sixty summaries, and their facts. Nobody writes to it."""
    app, facts = site_on(empty_instance, tmp_path_factory.mktemp("sixty")), facts_of_sixty()
    with app.app_context():
        make_categories("pain", "bladder", "skin")
        make_documents(*(make_summary_file(**fact, title=f"Arms: {fact['key']}") for fact in facts))
    return app, facts


@pytest.fixture
def app(library: tuple[Flask, list[dict[str, Any]]]) -> Iterator[Flask]:
    with library[0].app_context():
        yield library[0]


@pytest.fixture
def many(app: Flask, library: tuple[Flask, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The facts of the sixty summaries that this site holds."""
    return library[1]


def page_of(**changes: Any) -> ResearchPage:
    return research_page(ResearchFilter(**changes))


def keys(page: ResearchPage) -> list[str]:
    return [card.summary.key for card in page.cards]


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "relevance"])
@pytest.mark.parametrize("category", ["", "pain"])
def test_every_summary_stands_once_on_the_pages_and_in_its_place(
    many: list[dict[str, Any]], sort: str, category: str
) -> None:
    """Pages in the second half are read from the end; that must not show."""
    first = page_of(sort=sort, category=category)
    listed = [
        key for number in range(1, first.pages + 1) for key in keys(page_of(sort=sort, category=category, page=number))
    ]
    facts = {fact["key"]: fact for fact in many if not category or category in fact["categories"]}
    assert sorted(listed) == sorted(facts)
    assert first.total == len(facts) > 2 * PAGE_SIZE
    summaries = {summary.key: summary for summary in db.session.scalars(Summary.public())}

    def place(key: str) -> tuple[Any, ...]:
        summary = summaries[key]
        newest = tuple(-ord(letter) for letter in str(summary.paper_date or "").ljust(10, "-"))
        leading: tuple[Any, ...] = {
            "newest": (),
            "oldest": (),
            "evidence": (summary.level or 6,),
            "people": (-(summary.participants or 0),),
        }[sort]
        middle = (str(summary.paper_date or "9"),) if sort == "oldest" else newest
        return (*leading, *middle, summary.document_id)

    assert listed == sorted(listed, key=place)


@pytest.mark.parametrize("q", ["", "arm", "arms zebra"])
@pytest.mark.parametrize(
    "chosen",
    [{}, {"category": "pain"}, {"stage": "animals"}, {"level": "none"}, {"level": "2", "phase": "acute"},
     {"category": "skin", "stage": "first-people", "phase": "chronic"}, {"category": "bladder", "level": "5"},
     {"result": "cannot-tell", "category": "pain"}],
)  # fmt: skip
def test_options_are_counted_as_if_only_they_were_chosen_differently(
    many: list[dict[str, Any]], q: str, chosen: dict[str, str]
) -> None:
    everything: dict[str, dict[str, set[Any]]] = {}
    for summary in db.session.scalars(Summary.public()):
        fact = next(fact for fact in many if fact["key"] == summary.key)
        everything[summary.key] = {
            "category": set(fact["categories"]),
            "stage": {summary.stage} - {None},
            "result": {summary.result} - {None},
            "level": {str(summary.level or "none")},
            "phase": set(fact["study"]["injury_phases"]),
        }
    page = page_of(q=q, sort="relevance" if q else "newest", **chosen)
    for name in FACET_NAMES:
        others = {other: value for other, value in chosen.items() if other != name}
        fitting = [one for one in everything.values() if all(value in one[other] for other, value in others.items())]
        expected = Counter(value for one in fitting for value in one[name]) + Counter({"": len(fitting)})
        assert +page.counts[name] == expected, name
    assert page.total == len(
        [one for one in everything.values() if all(value in one[n] for n, value in chosen.items())]
    )
    assert len(page.cards) == min(PAGE_SIZE, page.total)


@pytest.mark.parametrize(
    ("total", "page", "expected"),
    [
        (1, 1, [1]),
        (3, 2, [1, 2, 3]),
        (5, 1, [1, 2, None, 5]),
        (5, 3, [1, 2, 3, 4, 5]),
        (9, 5, [1, None, 4, 5, 6, None, 9]),
        (9, 4, [1, 2, 3, 4, 5, None, 9]),
        (8334, 8334, [1, None, 8333, 8334]),
    ],
)
def test_a_reader_is_offered_the_first_the_last_and_the_neighbours(
    total: int, page: int, expected: list[int | None]
) -> None:
    found = ResearchPage(ResearchFilter(page=page), total=total * PAGE_SIZE)
    assert found.near_pages == expected


def test_a_search_with_very_many_hits_lists_the_best_and_says_so(
    many: list[dict[str, Any]], client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.research.listing.MOST_HITS", 20)
    page = page_of(q="arm", sort="relevance")
    assert (page.is_cut, page.total, page.pages) == (True, 20, 2)
    assert page.counts["category"][""] == 20
    assert len(keys(page_of(q="arm", sort="newest", page=2))) == 8
    assert not page_of(q="zebra", sort="relevance").is_cut
    told = client.page("/research/?q=arm").texts("[role=status]")[0]
    assert told.startswith("More than 20 summaries for “arm”, showing 1 to 12.")
    assert told.endswith("Only the 20 best matches are listed and counted here.")
    narrowed = client.page("/research/?q=arm&stage=animals").texts("[role=status]")[0]
    assert not narrowed.startswith("More than")


# What the database does for it

LARGE = "summaries|studies|documents|revisions|redirects|votes|corrections|summary_(categories|phases|terms)"
"""Tables that grow with the library or with its readers."""
ENDS = ("{slug}", "{slug}/feedback", "{slug}/cite.ris", "not-there")


@contextmanager
def planned() -> Iterator[list[str]]:
    """How the database answers the statements sent inside the block, line by line: as it would if there were very many
    rows. SQLite thinks that there are.
    """
    sent: list[tuple[str, Any]] = []
    lines: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield lines
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    explain = one_for(db.engine, sqlite="EXPLAIN QUERY PLAN", postgresql="EXPLAIN (COSTS FALSE)")
    with db.engine.connect() as connection:
        for setting in one_for(db.engine, sqlite=(), postgresql=("seqscan", "sort", "bitmapscan")):
            connection.exec_driver_sql(f"SET LOCAL enable_{setting} = off")
        for statement, values in sent:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                lines += [row[-1] for row in connection.exec_driver_sql(f"{explain} {statement}", values)]


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "relevance"])
@pytest.mark.parametrize(
    "chosen", [{}, {"category": "pain"}, {"stage": "first-people", "level": "2", "phase": "acute"}]
)
@pytest.mark.parametrize("number", [1, 4])
def test_a_list_is_read_from_the_index_of_its_order(
    app: Flask, many: list[dict[str, Any]], sort: str, chosen: dict[str, str], number: int
) -> None:
    with planned() as lines:
        page_of(sort=sort, page=number, **chosen)
    found = "\n".join(lines)
    assert f"ix_summaries_{sort}" in found, found
    for table in ("facet_counts", "summary_categories", "summary_phases"):
        assert not scanned(lines, table), "they are looked up"


def test_what_is_new_is_read_from_its_index(app: Flask, many: list[dict[str, Any]]) -> None:
    from webapp.research.queries import newest_summaries

    with planned() as lines:
        newest_summaries(6)
    assert any("ix_summaries_latest" in line for line in lines)
    assert not [line for line in lines if re.search("TEMP B-TREE|Sort", line)]


def scanned(lines: list[str], tables: str) -> list[str]:
    """The lines of plans that say that one of these tables is gone through."""
    return [line for line in lines if re.search(rf"^SCAN ({tables})$|Seq Scan on ({tables})\b", line)]


@pytest.mark.parametrize("url", ["/", "/categories/pain", "/feed.atom", *(f"/research/{end}" for end in ENDS)])
@pytest.mark.usefixtures("many")
def test_no_page_goes_through_a_whole_table(app: Flask, client: PageClient, url: str) -> None:
    """At 100,000 summaries that took 12 ms of the 17 that a summary's page took."""
    slug = db.session.scalars(db.select(Summary.slug).limit(1)).one()
    with planned() as lines:
        client.get(url.format(slug=slug))
    assert lines
    assert not scanned(lines, LARGE)
