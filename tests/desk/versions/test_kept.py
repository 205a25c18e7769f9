"""A text that met a newer one is kept on the server: the history lists it, and it comes back by a press."""

from __future__ import annotations

import pytest

from tests.desk.conftest import enter
from tests.desk.writing.test_writing import FORM, begin, newest, press
from tests.page import Page, PageClient, words
from webapp.documents.actions import save_revision
from webapp.extensions import db
from webapp.models import Activity, Document, KeptText, Revision

PIECE = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def url(mira: PageClient) -> str:
    url = begin(mira)
    press(mira, url, "save", lead="Come in.")
    return url


@pytest.fixture
def ada(stranger: PageClient) -> PageClient:
    return enter(stranger, "Ada")


@pytest.fixture
def lost(mira: PageClient, ada: PageClient, url: str) -> str:
    """A document where Mira typed on version 2, and Ada saved version 3 before her; Mira's browser is gone."""
    mine = mira.page(url).values(FORM, lead="Please come in.")
    press(ada, url, "save", text="On Mondays.")
    assert mira.post(url, data={**mine, "do": "save"}).status_code == 409
    return url


def kept() -> list[KeptText]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(KeptText).order_by(KeptText.id)))


def test_the_history_lists_it_and_it_is_no_version(mira: PageClient, lost: str) -> None:
    page = mira.page(f"{lost}/history")
    assert "was not saved over version 3 by Ada." in page.texts("#kept ~ ul li")[0]
    assert page.texts("main ol b") == ["Version 3", "Version 2", "Version 1"]
    assert newest(lost).saved_by == "Ada"
    assert not mira.page(f"{begin(mira, title='Another')}/history").select("#kept"), "only where there is one"


def test_it_is_seen_and_brought_back_into_the_newest_text(mira: PageClient, ada: PageClient, lost: str) -> None:
    way = ada.page(f"{lost}/history").one("#kept ~ ul a").get("href")
    page = ada.page(way)
    assert page.h1 == "What Mira wrote and could not save"
    assert "Please c" in words(page.one(".difference"))
    before = newest(lost).number
    answer = ada.post(f"{way}/bring-back", data=page.values("main form"))
    both = Page(answer.text)
    assert answer.status_code == 200
    assert newest(lost).number == before, "nothing is saved unseen"
    assert "What Mira wrote, brought back below, not saved yet" in words(both.one(".desk-both"))
    assert (words(both.one("#f-lead")), words(both.one("#f-text"))) == ("Please come in.", "On Mondays.")
    assert ada.post(lost, data={**both.values(FORM), "do": "save"}).status_code == 303
    assert newest(lost).content["lead"] == "Please come in."


def test_what_both_changed_stands_side_by_side_when_it_comes_back(mira: PageClient, ada: PageClient, url: str) -> None:
    mine = mira.page(url).values(FORM, lead="Please come in soon.")
    press(ada, url, "save", lead="Please come in late.")
    mira.post(url, data=mine)
    way = f"{url}/kept/1"
    both = Page(ada.post(f"{way}/bring-back", data=ada.page(way).values("main form")).text)
    assert "What Mira wrote stands below." in words(both.one(".desk-both"))
    assert "Only in the text brought back: soon" in words(both.one(".both-wrote del"))
    assert "Only in the newest: late" in words(both.one(".both-wrote ins"))
    assert words(both.one("#f-lead")) == "Please come in soon."


def test_what_is_saved_by_itself_is_kept_too_and_only_the_last_of_a_sitting(
    mira: PageClient, ada: PageClient, url: str
) -> None:
    mine = mira.page(url).values(FORM)
    press(ada, url, "save", text="On Mondays.")
    for text in ("P", "Pl", "Please."):
        answer = mira.post(url, data={**mine, "lead": text}, headers=PIECE)
        assert answer.status_code == 409
        assert "kept in the history" in answer.text
    assert [one.content["lead"] for one in kept()] == ["Please."]
    other = mira.page(url).values(FORM, lead="Of another tab.")
    press(ada, url, "save", text="On Tuesdays.")
    mira.post(url, data=other, headers=PIECE)
    assert [one.content["lead"] for one in kept()] == ["Please.", "Of another tab."]


def test_what_holds_nothing_of_its_own_is_not_kept(mira: PageClient, ada: PageClient, url: str) -> None:
    untouched, same = mira.page(url).values(FORM), mira.page(url).values(FORM, text="On Mondays.")
    press(ada, url, "save", text="On Mondays.")
    assert mira.post(url, data=untouched).status_code == 409
    assert mira.post(url, data=same).status_code == 409
    assert kept() == []


def test_it_is_deleted_only_after_asking(mira: PageClient, lost: str) -> None:
    page = mira.page(f"{lost}/kept/1/delete")
    assert len(kept()) == 1
    assert mira.post(f"{lost}/kept/1/delete", data=page.values("main form")).location == f"{lost}/history"
    assert kept() == []
    assert mira.get(f"{lost}/kept/1").status_code == 404
    notes = list(db.session.scalars(db.select(Activity.what)))
    assert "Deleted what Mira wrote and could not save, of the page visits." in notes


def test_a_press_of_a_row_that_meets_a_newer_text_loses_nothing(
    mira: PageClient, ada: PageClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the save of what was typed and that of what was pressed somebody else saved."""
    url = begin(mira, "summary", "Arms")
    press(mira, url, "save", **{"key_findings.rows": "1", "key_findings.0": "First."})
    values = mira.page(url).values(FORM, title="Arms at home")
    monkeypatch.setattr("webapp.desk.writing.routes.with_wording", lambda content, _: (_saved_by_ada(url, content), ()))
    answer = mira.post(url, data={**values, "do": "remove:key_findings:0"})
    assert answer.status_code == 409
    titles = db.session.scalars(db.select(Revision).order_by(Revision.id.desc()).limit(2))
    assert [one.content["title"] for one in titles] == ["Of Ada", "Arms at home"]
    assert kept()[0].content["key_findings"] == [], "the press is not lost either"


def _saved_by_ada(url: str, content: dict[str, object]) -> dict[str, object]:
    last = newest(url)
    document = db.session.get(Document, last.document_id)
    assert document
    save_revision(document, {**last.content, "title": "Of Ada"}, by="Ada", base=last.number)
    return content
