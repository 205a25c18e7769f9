"""Where the grade or the limitations stop a publication, and only there, a reason can be written beside publishing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.writing.test_writing import FORM, begin, change, newest, press
from tests.factories import make_categories, make_outcome, make_summary_file
from tests.page import Page, PageClient, words
from webapp.documents.actions import save_revision
from webapp.documents.schema import canonical
from webapp.extensions import db
from webapp.models import Document

REASON = "The names of the drugs are long, and no shorter ones exist."
HARD = "Pharmacological interventions necessitate multidisciplinary neurorehabilitation considerations."
STUDY = {"intervention": "Arm training", "outcomes": [make_outcome()]}


@pytest.fixture
def url(mira: PageClient) -> str:
    """A summary that can be published."""
    make_categories()
    document = Document(kind="summary", key="arms", language="en")
    save_revision(
        document, canonical(make_summary_file("arms", study=STUDY, harms="Nobody was hurt.").content, "arms"), by="Mira"
    )
    return f"/desk/documents/{document.id}"


def stopped(client: PageClient, url: str, **changes: Any) -> Page:
    answer = press(client, url, "publish", **changes)
    assert answer.status_code == 422
    return Page(answer.text)


def test_a_text_that_is_too_hard_is_published_with_a_reason_readers_see(
    mira: PageClient, stranger: PageClient, url: str
) -> None:
    assert not mira.page(url).select("#exception"), "nothing is offered before a rule stands in the way"
    page = stopped(mira, url, simple_explanation=HARD)
    assert "has reading grade" in page.texts("#overview .desk-stops li")[0]
    assert page.one("#overview p a").get("href") == "#exception"
    fold = page.one("details#exception")
    assert fold.get("open") is None
    assert "Everybody can see your reason" in words(fold)
    assert len(page.select("[name=exception]")) == 1
    assert page.texts("#exception button")[-1] == "Publish with this reason"
    data = {**page.values(FORM, exception=REASON), "do": "publish"}
    assert mira.post(url, data=data).location.endswith("?said=publish")
    shown = stranger.page(f"/research/{_slug(url)}")
    assert REASON in words(shown.one("main"))
    assert newest(url).content["exception"] == REASON
    assert f"Breaks a rule, with this reason: “{REASON}”" in mira.page(f"{url}/history").texts("main li")[0]


def test_a_reason_stays_open_in_the_form_and_says_what_it_lifts(mira: PageClient, url: str) -> None:
    mira.post(url, data=stopped(mira, url, simple_explanation=HARD).values(FORM, exception=REASON))
    fold = mira.page(url).one("details#exception")
    assert fold.get("open") is not None
    assert "has reading grade" in words(fold)
    press(mira, url, "save", simple_explanation="Forty people took part.")
    page = mira.page(url)
    assert "This text keeps these rules now." in words(page.one("#exception"))
    press(mira, url, "save", exception="")
    assert not mira.page(url).select("#exception")
    assert "exception" not in newest(url).content


def test_missing_limitations_can_be_excused_too(mira: PageClient, url: str) -> None:
    page = stopped(mira, url, limitations__0="")
    assert page.texts("#overview .desk-stops li") == ["Study Limitations names no limitation. Go to Study Limitations"]
    assert page.select("#exception")


def test_missing_harms_can_be_excused_too(mira: PageClient, url: str) -> None:
    page = stopped(mira, url, harms="")
    assert page.texts("#overview .desk-stops li") == [
        "Side effects and harms says nothing, though a treatment was tested in people. Go to Side effects and harms"
    ]
    assert page.select("#exception")


def test_what_no_reason_can_lift_offers_none(mira: PageClient, url: str) -> None:
    page = stopped(mira, url, rests_on="")
    assert not page.select("#exception")
    assert not page.select("#overview p a")


def test_other_kinds_of_documents_know_no_exception(mira: PageClient) -> None:
    url = begin(mira)
    assert not stopped(mira, url).select("[name=exception]")


def test_a_schedule_says_where_a_reason_can_be_written(mira: PageClient, url: str) -> None:
    press(mira, url, "save", simple_explanation=HARD)
    answer = change(mira, url, "schedule", day="2999-01-01", time="09:00")
    assert answer.status_code == 422
    assert "“Publish now” beside the text offers a place for it." in answer.text


def _slug(url: str) -> str:
    document = db.session.get(Document, int(url.rpartition("/")[2]))
    assert document
    assert document.slug
    return document.slug
