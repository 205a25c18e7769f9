"""The activity log: all of it, a page at a time, by whom; and nothing changes it."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from tests.conftest import Forward
from tests.page import PageClient
from webapp.desk.activity.actions import note
from webapp.extensions import db

URL = "/desk/activity"


def write(count: int, who: str = "Ada") -> None:
    for number in range(1, count + 1):
        note(who, f"Did thing {number}.")
    db.session.commit()


def test_a_hundred_lines_a_page_the_last_first(mira: PageClient) -> None:
    write(205)
    first = mira.page(URL)
    rows = first.texts(".desk-rows li span:first-child")
    assert (len(rows), rows[0], rows[-1]) == (100, "Did thing 205.", "Did thing 106.")
    assert first.texts("[aria-label='Pages of what was done'] a") == ["Earlier than these"]
    second = mira.page(first.one("[aria-label='Pages of what was done'] a").get("href"))
    assert second.texts(".desk-rows li span:first-child")[0] == "Did thing 105."
    last = mira.page(f"{URL}?page=3")
    assert last.texts(".desk-rows li span:first-child")[:5] == [f"Did thing {number}." for number in range(5, 0, -1)]
    assert last.texts("[aria-label='Pages of what was done'] a") == ["Later than these"]
    assert "There are no lines this far back." in mira.page(f"{URL}?page=9").texts("main p")


def test_the_lines_of_one_name(mira: PageClient) -> None:
    assert not mira.page(URL).select("[aria-label='Who did it']"), "there is nobody to choose from"
    write(101)
    page = mira.page(URL)
    assert page.texts("[aria-label='Who did it'] a") == ["Everybody", "By Ada", "By Mira"]
    ada = mira.page(f"{URL}?who=Ada")
    assert {words.partition(",")[0] for words in ada.texts(".desk-rows .small")} == {"Ada"}
    assert ada.texts("main [aria-current=page]") == ["By Ada"]
    assert mira.page(ada.one("[aria-label='Pages of what was done'] a").get("href")).texts(".desk-rows .small")
    assert "Ada" in mira.page(f"{URL}?who=Nobody").texts(".desk-rows .small")[0], "a name that is none asks for all"


def test_each_day_has_a_heading_and_each_line_its_time(mira: PageClient, forward: Forward) -> None:
    forward(dt.timedelta(days=2))
    write(1)
    page = mira.page(URL)
    assert len(page.texts("main h2")) == 2
    assert page.texts(".desk-rows .small")[0].startswith("Ada, ")
    assert page.texts(".desk-rows .small")[0].endswith(" UTC")


def test_nothing_takes_a_post_there(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(URL)]
    assert [sorted(rule.methods or ()) for rule in rules] == [["GET", "HEAD", "OPTIONS"]]


def test_a_line_that_is_too_long_for_the_log_is_cut(mira: PageClient) -> None:
    note("Mira", "Answered readers who asked for the paper " + "10.1000/" + "a " * 150 + ".")
    db.session.commit()
    line = mira.page(URL).texts(".desk-rows li span:first-child")[0]
    assert len(line) <= 200
    assert line.endswith(" ...")
