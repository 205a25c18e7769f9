"""Advice on the claims of a draft stands at its field; one press puts an honest sentence in, another takes it out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.writing.test_writing import STUDY, newest, press
from tests.factories import make_categories, make_summary_file
from tests.page import PageClient, words
from webapp.documents.actions import save_revision
from webapp.documents.schema import canonical
from webapp.models import Document

CLAIM = "The implant caused people to walk."


@pytest.fixture
def url(mira: PageClient) -> str:
    """A draft of a study of one group, which claims a cause."""
    make_categories()
    study: dict[str, Any] = STUDY | {"design": "case_series"}
    file = make_summary_file("walking", study=study, key_findings=[CLAIM, "Nobody fell."], harms="Nobody fell.")
    document = Document(kind="summary", key=file.key, language="en")
    save_revision(document, canonical(file.content, file.key), by="Mira")
    return f"/desk/documents/{document.id}"


def test_what_may_mislead_stands_at_its_field(mira: PageClient, url: str) -> None:
    [told] = mira.page(url).select("#f-key_findings-0-findings .finding")
    assert words(told).startswith("Advice. “caused” says what brought about what. ")
    assert "cannot tell" in words(told)


def test_one_press_puts_an_honest_sentence_in_and_another_takes_it_out(mira: PageClient, url: str) -> None:
    button = mira.page(url).select("#f-key_findings-0-findings .wording button")[0]
    assert words(button).startswith("Use wording ")
    way = press(mira, url, button.get("value"), title="Typed meanwhile").location
    assert way.endswith("#f-key_findings-0")
    content = newest(url).content
    assert content["title"] == "Typed meanwhile"
    assert "caused" not in content["key_findings"][0]
    assert content["key_findings"][1] == "Nobody fell."
    way = way.partition("#")[0]
    undo = mira.page(way).one("#f-key_findings-0 ~ p button[value^='unword:']")
    press(mira, way, undo.get("value"), description="Typed after that, about 9 people.")
    content = newest(url).content
    assert content["key_findings"] == [CLAIM, "Nobody fell."]
    assert content["description"] == "Typed after that, about 9 people."
    assert content["title"] == "Typed meanwhile"


def test_what_was_written_on_since_is_not_taken_out(mira: PageClient, url: str) -> None:
    button = mira.page(url).select("#f-key_findings-0-findings .wording button")[0]
    way = press(mira, url, button.get("value")).location.partition("#")[0]
    undo = mira.page(way).one("button[value^='unword:']").get("value")
    press(mira, way, undo, key_findings__0="Another sentence now.")
    assert newest(url).content["key_findings"][0] == "Another sentence now."


@pytest.mark.parametrize(
    "value", ["word:000000000000:1", "word:x:1", "word:000000000000:99", "unword:0", "unword:99", "unword:x"]
)
def test_a_wording_for_a_sentence_that_is_gone_changes_nothing(mira: PageClient, url: str, value: str) -> None:
    assert press(mira, url, value).status_code == 303
    assert newest(url).content["key_findings"][0] == CLAIM


def test_half_a_summary_is_judged_as_far_as_it_is_there(mira: PageClient, url: str) -> None:
    press(mira, url, "save", study__sources__0__where="", study__population="")
    assert mira.page(url).select("#f-key_findings-0-findings .finding")
    press(mira, url, "save", study__design="")
    page = mira.page(url)
    assert not page.select("#f-key_findings-0-findings .finding"), "what the kind of study can bear is not known"
    assert page.texts("#f-study-design-findings .finding") == ["Stops publishing. Is missing."]
