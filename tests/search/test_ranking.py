"""What a search finds first, and what it shows of it: the same on every database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import literal, select

from webapp.extensions import db
from webapp.search.engines import index
from webapp.search.index import COLUMNS, MARK_CLOSE, MARK_OPEN, MOST_HITS, Entry
from webapp.search.terms import parse_query

OTHERS = {number: {"body": f"Word {number} and some more of it."} for number in range(10, 20)}
"""Summaries that hold none of the words looked for: a word that stands in most says nothing."""


def keep(entries: dict[int, dict[str, str]]) -> None:
    empty = dict.fromkeys(COLUMNS, "")
    index().replace(db.session(), [Entry(number, **empty | texts) for number, texts in entries.items()])


def found(query: str) -> list[int]:
    """The numbers of the summaries, the best first."""
    matches = index().matches()
    ranked = select(matches.c.id).order_by(matches.c.rank)
    return list(db.session.scalars(ranked, index().values(parse_query(query)) | {"most": MOST_HITS}))


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("in the title before in the text", {"title": "zebra"}, {"body": "zebra"}),
        ("in the title before among its people", {"title": "zebra"}, {"people": "zebra"}),
        ("in the sentence before in the paper", {"description": "zebra"}, {"paper": "zebra"}),
        ("often before once", {"body": "zebra zebra zebra of"}, {"body": "zebra of the plains"}),
        ("in a short text before in a long one", {"body": "zebra"}, {"body": "zebra" + " and so on" * 50}),
        ("both words before one of them twice", {"body": "zebra emu it"}, {"body": "zebra or zebra"}),
    ],
)
def test_what_says_most_comes_first(app: Flask, why: str, first: dict[str, str], second: dict[str, str]) -> None:
    for better, worse in ((1, 2), (2, 1)):
        keep(OTHERS | {better: first, worse: second})
        assert found("zebra emu okapi") == [better, worse], why


def test_a_rare_word_counts_for_more_than_a_frequent_one(app: Flask) -> None:
    often = {number: {"body": "A zebra ran."} for number in (3, 4, 5)}
    keep(OTHERS | often | {1: {"body": "An okapi ran."}, 2: {"body": "A zebra ran."}})
    assert found("zebra okapi")[0] == 1
    keep({1: {"body": "An emu ran."}, 2: {"body": "A zebra and an okapi."}})
    assert found("zebra okapi") == [2], "all of the words, where one has them"


def test_only_the_last_of_several_words_may_go_on(app: Flask) -> None:
    keep(OTHERS | {1: {"body": "it's"}, 2: {"body": "it so"}, 3: {"body": "item s"}})
    assert set(found("it's")) == {1, 2}


def test_words_are_known_as_long_as_a_summary_has_them(app: Flask) -> None:
    def known() -> set[str]:
        return set(db.session.scalars(index().vocabulary()))

    keep({1: {"title": "A zebra", "body": "one zebra"}, 2: {"body": "zebra and Übung"}})
    assert known() == {"a", "zebra", "one", "and", "ubung"}
    keep({1: {"title": "An emu"}})
    assert known() == {"an", "emu", "zebra", "and", "ubung"}
    index().remove(db.session(), [2])
    assert known() == {"an", "emu"}
    keep({3: {"body": "zebra"}})
    index().keep_only(db.session(), select(literal(3)))
    assert known() == {"zebra"}


@pytest.mark.parametrize(
    ("texts", "excerpt"),
    [
        ({"description": "A zebra ran.", "body": "A zebra ran."}, None),
        ({"title": "A zebra ran.", "body": "Nobody else did."}, None),
        ({"body": "A zebra ran.", "findings": "It was a zebra."}, "A [zebra] ran."),
        ({"body": "It ran.", "findings": "It was a zebra."}, "It was a [zebra]."),
    ],
)
def test_an_excerpt_is_of_the_first_text_with_a_match(app: Flask, texts: dict[str, str], excerpt: str | None) -> None:
    keep({1: texts})
    assert excerpt_of("zebra") == excerpt


def test_an_excerpt_begins_with_its_sentence(app: Flask) -> None:
    keep({1: {"body": "It ran and ran. " * 9 + "Then a zebra sat." + " It ran and ran." * 9}})
    found = excerpt_of("zebra") or ""
    assert found.startswith(" … Then a [zebra] sat. It ran")
    assert found.endswith(" … ")


def excerpt_of(query: str) -> str | None:
    excerpts = index().excerpts()
    found = db.session.scalar(select(excerpts.c.excerpt), index().values(parse_query(query)) | {"ids": [1]})
    return found and str(found).replace(MARK_OPEN, "[").replace(MARK_CLOSE, "]")
