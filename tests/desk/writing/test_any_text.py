"""Whatever stands in any field of any form: it is saved, shown as it was typed, and saved again as the same; or refused
with a sentence. The same texts each time (`derandomize`), so that a failure is found where it was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import lxml.html
import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.desk.writing.test_writing import FORM, as_typed, begin, newest
from tests.factories import (
    make_categories,
    make_outcome,
    make_page_file,
    make_summary,
    make_summary_file,
    make_topic_file,
)
from tests.library.test_fuzz import MARKS
from tests.page import Page, PageClient
from webapp.desk.routes import helpers
from webapp.desk.writing.fields import Field, fields_of
from webapp.desk.writing.findings import findings_in
from webapp.desk.writing.routes import MAX_BYTES, MOST_TYPED
from webapp.desk.writing.rows import NOTHING
from webapp.desk.writing.typed import MAX_ROWS, content_typed
from webapp.documents.schema import KINDS, VERSION, JsonContent, canonical
from webapp.editorial.pasted import is_broken
from webapp.models import Document

BOUNDED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
# fmt: off
ODD = [
    "</textarea><script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}",
    "\" autofocus onfocus=alert(1) x=\"", "&amp;&lt;&#0;",
    "\u202eright to left\u2066", "\u200b\ufeff\u00ad", "👩🏽‍🦽", "e\u0301", "ﬁ", "\ud800", "\udfff", "\x00\x1b\x7f\x85",
    "\u2028\u2029\r\n\x0b", "  \n \t\n", "x" * 4000, "漢" * 300, "- a\n- b\n# c\n---\n", "re-\ngeneration",
    "-1", "0", "007", "1e9", "9" * 40, "٣", "½", "1,5", "NaN", "inf", "true", "null", "2026-13-45", "summary", "rct",
]
# fmt: on
TEXTS = st.one_of(st.sampled_from(ODD), st.lists(st.sampled_from(MARKS + ODD), max_size=4).map("".join), st.text())
COUNTS = st.sampled_from(["0", "1", "2", "3", "-1", "x", "", "٢", "²", "99999", str(MAX_ROWS), "1\x00", "1e1"])
ALL = "{% from 'desk/writing/_fields.html' import all with context %}{{ all(fields, content, '', categories, press) }}"


def names(fields: tuple[Field, ...], path: str = "") -> Iterator[str]:
    """Every name a form of these fields may send, with two rows in each list."""
    for field in fields:
        name = f"{path}{field.name}"
        if field.shape == "group":
            yield from names(field.parts, f"{name}.")
        elif field.shape == "rows":
            for place in (0, 1):
                yield from names(field.parts, f"{name}.{place}.") if field.parts else [f"{name}.{place}"]
            yield f"{name}.rows"
        else:
            yield name


EXAMPLES = {"summary": 2, "topic": 3, "page": 3}
"""More take longer than they teach: thousands were tried when this was written."""
NAMES = {kind: list(names(fields_of(kind))) for kind in KINDS}


def forms(kind: str, most: int = 25) -> st.SearchStrategy[MultiDict[str, str]]:
    """What a form of this kind sends: any text in any field, any number of rows, fields of a wrong shape."""
    lists = [name for name in NAMES[kind] if name.endswith(".rows")]
    one = st.sampled_from(NAMES[kind]).flatmap(
        lambda name: st.tuples(st.just(name), COUNTS if name.endswith(".rows") else TEXTS)
    )
    wrong = st.tuples(st.sampled_from(["study", "study.outcomes", "title.0", "text.rows", "", ".", "a" * 300]), TEXTS)
    rows = st.fixed_dictionaries({name: st.sampled_from(["1", "2"]) for name in lists}).map(
        lambda found: [*found.items()]
    )
    drawn = st.lists(st.one_of(one, one, one, wrong), max_size=most)
    return st.tuples(rows, drawn).map(lambda both: MultiDict([*(pair for pair in both[0]), *both[1]]))


def drawn(kind: str, content: JsonContent) -> str:
    """The fields of the form with this content."""
    words = {"categories": [("pain", "Pain")], "press": NOTHING, "is_broken": is_broken}
    found = findings_in(Document(kind=kind, key="odd", language="en"), content, VERSION)
    words |= helpers() | {"fields": fields_of(kind), "findings": found, "most_rows": MAX_ROWS}
    return render_template_string(ALL, content=content, **words)


def shown(kind: str, content: JsonContent) -> MultiDict[str, str]:
    """What a browser would send of the form that shows this content."""
    pairs = []
    for control in lxml.html.fromstring(f"<form>{drawn(kind, content)}</form>").iter("input", "textarea", "select"):
        if control.get("type") == "checkbox" and control.get("checked") is None:
            continue
        if control.tag == "textarea":
            pairs.append((control.get("name"), (control.text or "").removeprefix("\n")))
        elif control.tag == "select":
            pairs.append(
                (control.get("name"), (control.xpath(".//option[@selected]") or control)[0].get("value") or "")
            )
        else:
            pairs.append((control.get("name"), control.get("value") or ""))
    return MultiDict(pairs)


@pytest.mark.parametrize("kind", KINDS)
def test_any_form_is_read_and_what_it_shows_then_is_read_as_the_same(app: Flask, kind: str) -> None:
    @settings(BOUNDED, max_examples=8 * EXAMPLES[kind])
    @given(forms(kind))
    def stays(typed: MultiDict[str, str]) -> None:
        content = content_typed(fields_of(kind), typed)
        json.dumps(content, ensure_ascii=False).encode()
        assert content_typed(fields_of(kind), shown(kind, content)) == content

    with app.test_request_context("/desk/"):
        stays()


WHOLE: dict[str, JsonContent] = {
    "summary": canonical(
        make_summary_file(study={"outcomes": [make_outcome()]}, related=["arm-training"]).content, "odd"
    ),
    "topic": canonical(make_topic_file().content, "odd"),
    "page": canonical(make_page_file().content, "odd"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_any_form_is_saved_shown_compared_and_refused_with_sentences(mira: PageClient, kind: str) -> None:
    """A whole document with odd texts in a few of its fields, so that it often comes as far as publishing."""
    make_categories()
    make_summary("arm-training")
    url = begin(mira, kind, "Odd")
    fields = fields_of(kind)
    with mira.application.test_request_context("/desk/"):
        whole = shown(kind, WHOLE[kind])

    @settings(BOUNDED, max_examples=EXAMPLES[kind])
    @given(st.dictionaries(st.sampled_from(NAMES[kind]), TEXTS, max_size=4))
    def is_answered(odd: dict[str, str]) -> None:
        page = mira.page(url)
        own = {name: page.one(f"{FORM} input[name={name}]").get("value") for name in ("csrf_token", "base", "digest")}
        sent = MultiDict([*own.items(), *whole.items(multi=True), ("do", "publish")])
        sent.update({name: text for name, text in odd.items() if not name.endswith(".rows")})
        body = urlencode([*sent.items(multi=True)], errors="surrogatepass")  # half a character comes from programs
        answer = mira.post(url, data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {303, 422}, answer.text
        if answer.status_code == 422:
            assert Page(answer.text).select("#overview .desk-stops li"), "says what is missing"
        saved = newest(url)
        assert content_typed(fields, as_typed(mira.page(url))) == saved.content
        for way in (f"{url}/preview", f"{url}/history/{saved.number}"):
            assert mira.get(way).status_code in {200, 422}

    is_answered()


@pytest.mark.parametrize("rows", [MAX_ROWS, MAX_ROWS + 50])
def test_many_rows_are_kept_and_at_the_end_of_their_room_none_is_offered(app: Flask, rows: int) -> None:
    typed = MultiDict([("title", "Many"), ("key_findings.rows", str(rows))])
    typed.update({f"key_findings.{place}": f"Finding {place}" for place in range(rows)})
    content = content_typed(fields_of("summary"), typed)
    assert len(content["key_findings"]) == MAX_ROWS
    with app.test_request_context("/desk/"):
        assert content_typed(fields_of("summary"), shown("summary", content)) == content
        assert "Add key finding" not in drawn("summary", content)


@pytest.mark.parametrize("letter", ["x", "я"])
def test_a_text_in_any_script_may_be_long_and_if_too_long_is_still_there(mira: PageClient, letter: str) -> None:
    url = begin(mira)
    values = mira.page(url).values(FORM)
    long = letter * (MOST_TYPED // 7)
    assert mira.post(url, data=values | {"text": long, "do": "save"}).status_code == 303
    assert newest(url).content["text"] == long
    values = mira.page(url).values(FORM)
    too_long = letter * (MAX_BYTES // len(quote(letter)) - 2000)
    answer = mira.post(url, data=values | {"text": too_long, "do": "save"})
    assert answer.status_code == 413
    page = Page(answer.text)
    assert "longer than the site can keep" in page.texts(".desk-problem")[0]
    assert page.one("#f-text").text.strip() == too_long
    assert newest(url).content["text"] == long
    assert mira.post(url, data=page.values(FORM, text="Short.") | {"do": "save"}).status_code == 303


@pytest.mark.parametrize("size", [MOST_TYPED + 1, MAX_BYTES * 2])
def test_while_typing_a_sentence_says_that_it_is_too_long(mira: PageClient, size: int) -> None:
    url = begin(mira)
    piece = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = mira.post(url, data=mira.page(url).values(FORM) | {"text": "x" * size}, headers=piece)
    assert answer.status_code == 413
    assert "larger than we can take" in answer.text
    assert "<h1" not in answer.text


def test_a_stranger_at_the_door_may_send_no_more_than_a_reader(stranger: PageClient) -> None:
    values = stranger.page("/desk/sign-in").values("main form[action='/desk/sign-in']")
    assert stranger.post("/desk/sign-in", data=values | {"name": "x" * 70_000}).status_code == 413
