"""Advice on the words of a draft stands at the top of its form, and one press puts an honest sentence in."""

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


def test_what_may_mislead_leads_to_its_field(mira: PageClient, url: str) -> None:
    page = mira.page(url)
    [told] = [one for one in page.select(".desk-advice li") if "caused" in words(one)]
    [link] = list(told.iter("a"))
    assert page.select(link.get("href"))
    assert "Key Findings 1" in words(link)


def test_one_press_puts_an_honest_sentence_in_and_keeps_what_was_typed(mira: PageClient, url: str) -> None:
    page = mira.page(url)
    [told] = [one for one in page.select(".desk-advice li") if "caused" in words(one)]
    button = next(told.iter("button"))
    assert words(button).startswith("Use wording ")
    press(mira, url, button.get("value"), title="Typed meanwhile")
    content = newest(url).content
    assert content["title"] == "Typed meanwhile"
    assert content["key_findings"][0] != CLAIM
    assert "caused" not in content["key_findings"][0]
    assert content["key_findings"][1] == "Nobody fell."


@pytest.mark.parametrize("value", ["word:000000000000:1", "word:x:1", "word:000000000000:99"])
def test_a_wording_for_a_sentence_that_is_gone_changes_nothing(mira: PageClient, url: str, value: str) -> None:
    assert press(mira, url, value).status_code == 303
    assert newest(url).content["key_findings"][0] == CLAIM


def test_half_a_summary_gets_no_advice_and_no_fault(mira: PageClient, url: str) -> None:
    press(mira, url, "save", study__design="")
    assert not mira.page(url).select(".desk-advice")
