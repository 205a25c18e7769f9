"""A text that was pasted from a PDF: its broken lines are joined by a press, and taken apart again by another."""

from __future__ import annotations

import pytest

from tests.desk.writing.test_writing import begin, newest, press
from tests.page import PageClient, words

BROKEN = "Come in from the street and go up the stairs, as the regen-\neration of the house is not yet over."
WHOLE = "Come in from the street and go up the stairs, as the regeneration of the house is not yet over."


def test_broken_lines_are_joined_by_a_press_and_taken_apart_by_another(mira: PageClient) -> None:
    url = begin(mira)
    press(mira, url, "save", lead=BROKEN, text="Whole.")
    [offer] = mira.page(url).select(".broken-lines:not([hidden])")
    [button] = list(offer.iter("button"))
    assert words(button) == "Join the broken lines of first sentences"
    way = press(mira, url, button.get("value"), description="Typed just now.").location
    assert newest(url).content["lead"] == WHOLE
    page = mira.page(way)
    assert not page.select(".broken-lines:not([hidden])")
    back = page.one("button[value^='apart:']")
    assert words(back) == "Put back the lines of first sentences"
    assert press(mira, way, back.get("value"), description="Typed since.").location.endswith("#f-lead")
    content = newest(url).content
    assert (content["lead"], content["description"]) == (BROKEN, "Typed since.")


def test_a_text_in_a_row_is_joined_where_it_stands(mira: PageClient) -> None:
    url = begin(mira, "summary", "Arms")
    way = press(mira, url, "add:key_findings").location.partition("#")[0]
    press(mira, way, "save", key_findings__0=BROKEN)
    way = press(mira, url, "join:key_findings.0").location
    assert newest(url).content["key_findings"] == [WHOLE]
    back = mira.page(way).one("button[value^='apart:']")
    assert words(back) == "Put back the lines of key finding 1"


def test_lists_with_one_on_each_line_are_offered_nothing(mira: PageClient) -> None:
    url = begin(mira, "summary", "Arms")
    press(mira, url, "save", study__authors="The long name of a group of people who write-\ntogether")
    assert not mira.page(url).select(".broken-lines:not([hidden])")


@pytest.mark.parametrize(
    "button", ["join:lead", "join:", "join:title.0", "join:no.such.0", "apart:lead:0:1", "apart:x"]
)
def test_a_press_with_nothing_to_join_changes_nothing(mira: PageClient, button: str) -> None:
    url = begin(mira)
    press(mira, url, "save", lead="Come in.")
    before = newest(url).content
    way = press(mira, url, button).location
    assert "did=" not in way
    assert newest(url).content == before


def test_soft_hyphens_and_ligatures_are_mended_when_saved(mira: PageClient) -> None:
    url = begin(mira)
    press(mira, url, "save", lead="Of the re\u00adgeneration of ﬁbres.", title="ﬂow")
    assert newest(url).content["lead"] == "Of the regeneration of fibres."
    assert newest(url).content["title"] == "flow"
