"""A text is marked as ready to be looked at: that text, and no other; and who wrote and who published is noted."""

from __future__ import annotations

import pytest

from tests.desk.conftest import enter
from tests.desk.writing.test_writing import FORM, begin, newest, press
from tests.page import PageClient, words
from webapp.extensions import db
from webapp.models import Activity

PIECE = {"HX-Request": "true", "HX-Request-Type": "partial"}
WHOLE = {"description": "When.", "lead": "Come.", "text": "## When\n\nOn Mondays."}


@pytest.fixture
def ada(stranger: PageClient) -> PageClient:
    return enter(stranger, "Ada")


def noted() -> list[str]:
    return list(db.session.scalars(db.select(Activity.what).order_by(Activity.id)))


def states(client: PageClient, query: str = "") -> list[str]:
    return client.page(f"/desk/documents{query}").texts(".desk-rows b")


def test_a_draft_is_marked_as_ready_and_lists_say_who_did(mira: PageClient, ada: PageClient) -> None:
    url = begin(mira)
    begin(mira, title="Another")
    assert press(mira, url, "ready", lead="Come in.").location.endswith("?said=ready")
    assert newest(url).content["lead"] == "Come in.", "it is saved as well"
    assert states(ada, "?state=ready") == ["Ready, says Mira."]
    assert states(ada)[:2] == ["Ready, says Mira.", "Draft."]
    assert "Ready, says Mira" in ada.page("/desk/").texts("section[aria-labelledby=works] ul")[0]
    assert "is ready to be looked at, said Mira on" in words(ada.page(url).one("main"))
    assert "Ready to be looked at, said Mira" in ada.page(f"{url}/history").texts("main li")[0]
    assert noted()[-1] == "Marked the page visits as ready to be looked at."


def test_it_is_taken_back_the_same_way(mira: PageClient, ada: PageClient) -> None:
    url = begin(mira)
    assert not mira.page(url).select("button[value=not-ready]"), "there is nothing to take back"
    press(mira, url, "ready")
    assert words(ada.page(url).one("button[value=not-ready]")) == "No longer ready"
    press(ada, url, "not-ready")
    assert states(ada)[0] == "Draft."
    assert states(ada, "?state=ready") == []
    assert noted()[-1] == "Took back that the page visits is ready."


def test_what_is_saved_later_is_a_draft_again_and_the_marked_text_stays(mira: PageClient) -> None:
    url = begin(mira)
    sitting = mira.page(url).values(FORM, lead="Ready.")
    mira.post(url, data=sitting, headers=PIECE)
    mira.post(url, data={**sitting, "do": "ready"})
    marked = newest(url).number
    mira.post(url, data={**sitting, "lead": "And one letter more."}, headers=PIECE)
    assert newest(url).number == marked + 1, "the sitting goes on, but not on the text that was marked"
    assert states(mira)[0] == "Draft."
    history = mira.page(f"{url}/history").texts("main li")
    assert ["Ready to be looked at" in line for line in history] == [False, True, False]


def test_what_readers_see_already_needs_no_mark(mira: PageClient) -> None:
    url = begin(mira)
    press(mira, url, "publish", **WHOLE)
    assert press(mira, url, "ready").location.endswith("?said=seen")
    assert states(mira)[0] == "Live."
    press(mira, url, "ready", lead="Come in soon.")
    assert states(mira)[0] == "Live, with a newer draft. The draft is ready, says Mira."
    press(mira, url, "publish")
    assert states(mira)[0] == "Live."
    assert states(mira, "?state=ready") == [], "what is published waits no more"


def test_the_log_says_who_wrote_and_who_published(mira: PageClient, ada: PageClient) -> None:
    url = begin(mira)
    press(mira, url, "ready", **WHOLE)
    press(ada, url, "publish")
    assert noted()[-1] == "Published the page visits, written by Mira, published by Ada."
    press(ada, url, "save", lead="Come in.")
    press(mira, url, "publish", lead="Come in soon.")
    assert noted()[-1] == "Published the page visits, written by Ada and Mira, published by Mira."
    press(mira, url, "publish", lead="Come in now.")
    assert noted()[-1] == "Published the page visits.", "one person alone is named beside it"


def test_what_could_not_be_published_is_not_noted(mira: PageClient) -> None:
    url = begin(mira)
    before = noted()
    assert press(mira, url, "publish").status_code == 422
    assert noted() == before
