"""Differences as they are drawn: for the eye without colour alone, for the ear in words, all of it escaped."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings

from tests.documents.comparison.texts import texts
from tests.page import Page, PageClient, check_fragment, words
from webapp.assets import styles_url
from webapp.documents.comparison.differences import differences, in_parts
from webapp.documents.comparison.reading import paragraphs
from webapp.documents.comparison.runs import runs_between
from webapp.documents.schema import JsonContent

TEMPLATE = '{% from "components/differences.html" import changed_part, changed_text, difference_key %}'


def drawn(app: Flask, before: str, after: str) -> Page:
    source = TEMPLATE + "{{ changed_text(paragraphs) }}"
    return page_of(app, source, paragraphs=paragraphs(runs_between(before, after)))


def parts(app: Flask, before: JsonContent, after: JsonContent, kind: str = "summary") -> Page:
    source = (
        TEMPLATE
        + "<h2>What changed</h2>{{ difference_key() }}{% for part in parts %}"
        + "{% call changed_part(part, loop.index) %}<button>Put back {{ part.name }}</button>{% endcall %}{% endfor %}"
    )
    page = page_of(app, source, parts=in_parts(differences(kind, before, after)))
    check_fragment(page)
    return page


def page_of(app: Flask, source: str, **values: object) -> Page:
    with app.test_request_context():
        page = Page(render_template_string(source, **values), fragment=True)
    assert not page.faults
    return page


def test_a_change_is_heard_and_seen(app: Flask) -> None:
    page = drawn(app, "Many people can walk now", "Most people can walk now, as before")
    assert page.texts("p") == [
        "Taken out: Many. Put in: Most. End of change. people can walk Taken out: now. Put in: now, as before. "
        "End of change."
    ]
    assert page.texts("del") == ["Taken out: Many.", "Taken out: now."]
    hidden = page.texts(".visually-hidden")
    assert set(hidden) == {"Taken out:", "Put in:", ".", ". End of change."}
    assert drawn(app, "It ends.", "It lasts.").texts("ins") == ["Put in: lasts. End of change."]


def test_a_break_inside_a_change_closes_and_reopens_it(app: Flask) -> None:
    page = drawn(app, "One.\n\nLast.", "One. New here.\n\nMore\n\nand more. Last.")
    for element in page.select("del, ins"):
        assert element.getparent().tag == "p"
        assert not element.xpath(".//p")
    assert page.texts("p") == [
        "One.Taken out: ¶ new paragraph. Put in: New here.¶ new paragraph",
        "More¶ new paragraph",
        "and more. End of change. Last.",
    ]


def test_a_paragraph_that_went_stands_by_itself(app: Flask) -> None:
    page = drawn(app, "One.\n\nTwo.\n\nThree.", "One.\n\nThree.")
    assert page.texts("p") == ["One.", "Taken out: Two. End of change.", "Three."]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts(), texts())
def test_whatever_was_typed_is_drawn_word_by_word(app: Flask, before: str, after: str) -> None:
    if re.search(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]", before + after):
        return  # HTML has no words for these
    for side, text in (("ins", before), ("del", after)):
        page = drawn(app, before, after)
        for gone in page.select(f".visually-hidden, [aria-hidden], {side}"):
            for child in list(gone):
                gone.remove(child)
            gone.text = ""
        assert "".join(words(page.root).split()) == "".join(text.split())


def test_tags_in_a_text_are_text(app: Flask) -> None:
    page = parts(app, {"title": "<b>Old</b>"}, {"title": "<script>new()</script>", "odd <i>": ["</p>"]})
    assert not page.select("script, b, i")
    assert "<script>new()</script>" in page.texts("ins")[1]


def test_values_stand_as_before_and_now(app: Flask) -> None:
    outcome = {"name": "Speed", "role": "main", "groups": [{"name": "placebo", "people": 20}]}
    changed = outcome | {"role": "harm", "groups": [{"name": "placebo", "people": 21}, {"name": "pills", "mean": "2"}]}
    page = parts(app, {"study": {"outcomes": [outcome]}}, {"study": {"outcomes": [changed]}})
    assert page.texts("h3") == ["Outcome 1"]
    assert page.texts(".difference-head p") == ["2 values, 8 words in"]
    assert page.texts("dt") == ["Role", "People in placebo", "Group pills"]
    assert page.texts("dd")[1] == "Before: 20. → Now: 21. End of change."
    assert page.texts("dd")[2].startswith("Put in: name of pills: pills mean of pills: 2")
    assert page.texts("button") == ["Put back Outcome 1"]


def test_rows_that_came_went_or_moved_say_so(app: Flask) -> None:
    before = {"limitations": ["It was short, six weeks.", "Few people took part.", "Who paid is not known."]}
    after = {"limitations": ["Few people took part.", "It was short, six weeks.", "All were men, most of them young."]}
    page = parts(app, before, {"limitations": [*after["limitations"], "Who paid is not known."]})
    assert list(zip(page.texts("h3"), page.texts(".difference-head p"), strict=True)) == [
        ("Limitation 1", "moved"),
        ("Limitation 3", "put in"),
    ]
    assert "Limitation 1 was limitation 2 before." in page.texts(".difference > p")
    page = parts(app, before, {"limitations": before["limitations"][1:]})
    assert page.texts(".difference-head p") == ["taken out"]
    assert page.texts("del")[1] == "Taken out: It was short, six weeks. End of change."


def test_the_words_before_a_change_can_be_others(app: Flask) -> None:
    source = TEMPLATE + "{{ changed_text(paragraphs, 'Only in mine', 'Only in theirs') }}"
    page = page_of(app, source, paragraphs=paragraphs(runs_between("a shot", "two drugs")))
    assert page.texts("del, ins") == ["Only in mine: a shot.", "Only in theirs: two drugs. End of change."]


def test_the_sheet_of_the_desk_is_its_own_and_no_page_for_readers_loads_it(app: Flask, client: PageClient) -> None:
    with app.test_request_context():
        address = styles_url("desk")
    response = client.get(address)
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    for look in ("line-through", "underline", "forced-colors", "prefers-color-scheme"):
        assert look in response.text
    assert "desk-" not in client.get("/").text


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["put-in", "taken-out"])
def test_what_changed_can_be_read_on_its_ground(app: Flask, client: PageClient, name: str) -> None:
    with app.test_request_context():
        sheet = client.get(styles_url("desk")).text
    grounds = re.findall(rf"--{name}:\s*(#\w{{6}})", sheet)
    inks = re.findall(rf"--{name}-ink:\s*(#\w{{6}})", sheet)
    assert len(grounds) == len(inks) == 2, "light and dark"
    for ground, ink in zip(grounds, inks, strict=True):
        low, high = sorted((luminance(ground), luminance(ink)))
        assert (high + 0.05) / (low + 0.05) >= 7
