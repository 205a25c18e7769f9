"""Versions of a document: what each changed, one change taken back, and two writers' texts made one."""

from __future__ import annotations

import pytest

from tests.desk.conftest import enter
from tests.desk.writing.test_writing import FORM, begin, newest, press
from tests.page import Page, PageClient, words

PIECE = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def url(mira: PageClient) -> str:
    """A page whose second version was opened twice."""
    url = begin(mira)
    press(mira, url, "save", lead="Come in.", description="When to come.")
    return url


@pytest.fixture
def ada(stranger: PageClient) -> PageClient:
    return enter(stranger, "Ada")


def test_two_writers_in_two_places_get_one_text(mira: PageClient, ada: PageClient, url: str) -> None:
    mine = mira.page(url).values(FORM, lead="Please come in.")
    press(ada, url, "save", text="On Mondays.")
    answer = mira.post(url, data={**mine, "do": "save"})
    assert answer.status_code == 409
    page = Page(answer.text)
    told = words(page.one(".desk-both"))
    assert "Ada saved version 3" in told
    assert "Taken from theirs: Text." in told
    assert "You both wrote here" not in told
    assert (words(page.one("#f-lead")), words(page.one("#f-text"))) == ("Please come in.", "On Mondays.")
    assert newest(url).saved_by == "Ada", "nothing is saved that Mira has not seen"
    assert mira.post(url, data={**page.values(FORM), "do": "save"}).status_code == 303
    assert (newest(url).content["lead"], newest(url).content["text"]) == ("Please come in.", "On Mondays.")


def test_two_writers_in_one_place_see_both_texts(mira: PageClient, ada: PageClient, url: str) -> None:
    mine = mira.page(url).values(FORM, lead="Please come in soon.")
    press(ada, url, "save", lead="Please come in <late>.")
    page = Page(mira.post(url, data={**mine, "do": "save"}).text)
    assert page.texts(".both-wrote dt") == ["First sentences"]
    assert "Only in yours: soon" in words(page.one(".both-wrote del"))
    assert "Only in theirs: <late>" in words(page.one(".both-wrote ins"))
    assert words(page.one("#f-lead")) == "Please come in soon."


def test_a_version_that_was_written_on_since_is_not_taken_for_the_one_that_was_read(
    mira: PageClient, ada: PageClient, url: str
) -> None:
    sitting = mira.page(url).values(FORM, lead="One.")
    mira.post(url, data=sitting, headers=PIECE)
    read = ada.page(url).values(FORM, description="Of Ada.")
    mira.post(url, data={**sitting, "lead": "One and two."}, headers=PIECE)
    assert newest(url).number == 3, "one sitting is one version"
    page = Page(ada.post(url, data={**read, "do": "save"}).text)
    assert newest(url).content["lead"] == "One and two."
    assert page.texts(".both-wrote dt") == ["First sentences"], "asked, since nobody knows what Ada read"
    assert words(page.one("#f-description")) == "Of Ada."


def test_a_sitting_goes_on_after_it_was_published(mira: PageClient, url: str) -> None:
    sitting = mira.page(url).values(FORM, text="## When\n\nOn Mondays.")
    assert mira.post(url, data={**sitting, "do": "publish"}).status_code == 303
    answer = mira.post(url, data={**sitting, "lead": "Typed after Back."}, headers=PIECE)
    assert answer.status_code == 200
    assert (newest(url).number, newest(url).content["lead"]) == (4, "Typed after Back.")
    assert "Come in." in mira.get("/visits").text


def test_a_version_says_what_it_changed_and_one_change_is_taken_back(mira: PageClient, url: str) -> None:
    press(mira, url, "save", lead="Come in soon.", description="")
    press(mira, url, "save", text="On Mondays.")
    page = mira.page(f"{url}/history")
    page = mira.page(next(link.get("href") for link in page.select("main li a") if "3" in words(link)))
    assert words(page.one("h1")) == "What version 3 changed"
    names = page.texts(".difference h3")
    assert sorted(names) == ["Description", "First sentences"]
    [lead] = [one for one in page.select(".difference") if "First" in words(next(one.iter("h3")))]
    assert "soon" in words(next(lead.iter("ins")))
    buttons = page.texts(".difference button")
    assert len(set(buttons)) == 2
    [undo] = [form for form in page.select(".difference form") if "Description" in words(form)]
    action = undo.get("action")
    answer = mira.post(action, data=page.values(f"form[action='{action}']"))
    shown = Page(answer.text)
    assert "Description is as it was before" in words(shown.one(".desk-both"))
    assert words(shown.one("#f-description")) == "When to come."
    assert words(shown.one("#f-text")) == "On Mondays.", "what was written since stays"
    assert not newest(url).content.get("description"), "nothing is saved yet"
    assert mira.post(url, data={**shown.values(FORM), "do": "save"}).status_code == 303
    assert newest(url).content["description"] == "When to come."


@pytest.mark.parametrize("way", ["/history/9", "/history/0", "/history/1"])
def test_where_no_version_was_before_there_is_nothing_to_compare(mira: PageClient, url: str, way: str) -> None:
    assert mira.get(url + way).status_code == 404
    assert way not in mira.get(f"{url}/history").text.replace("/history/1/restore", "")


def test_a_change_that_never_was_is_not_taken_back(mira: PageClient, url: str) -> None:
    values = mira.page(f"{url}/history/2").values("form[action$='/put-back/0']")
    assert mira.post(f"{url}/history/2/put-back/99", data=values).status_code == 404
