"""Writing at the desk: one form for each kind of document, rows by buttons, nothing lost, and what readers see."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from tests.conftest import Forward
from tests.factories import (
    make_categories,
    make_outcome,
    make_summary,
    make_topic_file,
)
from tests.library.shipped import READINGS, TOPICS
from tests.page import Page, PageClient, words
from webapp import clock
from webapp.desk.writing.fields import fields_of
from webapp.desk.writing.queries import PER_PAGE
from webapp.desk.writing.typed import content_typed
from webapp.documents.actions import publish_due, save_revision
from webapp.documents.queries import corrections_of, document_named, newest_revision
from webapp.documents.schema import canonical, parse
from webapp.extensions import db
from webapp.models import Activity, Document, Revision

FORM = "#writing"
STUDY = {"intervention": "Arm training", "outcomes": [make_outcome()]}


def begin(client: PageClient, kind: str = "page", title: str = "Visits") -> str:
    """The address of a new document."""
    values = client.page("/desk/documents").values("main form[method=post]", kind=kind, title=title)
    answer = client.post("/desk/documents", data=values)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def press(client: PageClient, url: str, button: str, **changes: Any) -> Any:
    """Change the form as it is shown, and press one of its buttons."""
    values = client.page(url).values(FORM, **{name.replace("__", "."): value for name, value in changes.items()})
    return client.post(url.partition("?")[0], data={**values, "do": button})


def newest(url: str) -> Revision:
    document = db.session.get(Document, int(url.partition("?")[0].rpartition("/")[2]))
    assert document
    revision = newest_revision(document)
    assert revision
    return revision


def as_typed(page: Page) -> MultiDict[str, str]:
    """What a browser would send of the form."""
    pairs = []
    for name, value in page.values(FORM).items():
        pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    return MultiDict(pairs)


@pytest.mark.parametrize("key", [*list(READINGS)[::5], *list(TOPICS)[::3]])
def test_a_document_goes_through_its_form_and_comes_out_the_same(mira: PageClient, key: str) -> None:
    reading = READINGS.get(key) or TOPICS[key]
    assert reading.content
    make_categories(*reversed(getattr(reading.content, "categories", [])[1:]))  # another order, and one is gone
    content = canonical(reading.content, key)
    document = Document(kind=reading.kind, key=key, language="en")
    save_revision(document, content, by="A file")
    page = mira.page(f"/desk/documents/{document.id}")
    typed = content_typed(fields_of(reading.kind), as_typed(page))
    assert canonical(parse(reading.kind, typed), key) == content


def test_a_page_is_begun_written_published_and_seen(mira: PageClient, stranger: PageClient) -> None:
    url = begin(mira)
    assert mira.page(url).h1 == "Visits"
    answer = press(mira, url, "publish", lead="Come in.")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.texts("#overview .desk-stops li") == [
        "Description is missing. Go to Description",
        "Text is missing. Go to Text",
    ]
    for link in page.select("#overview a"):
        assert page.select(link.get("href")), "each leads to its field"
    assert newest(url).content["lead"] == "Come in.", "saved all the same"
    assert stranger.get("/visits").status_code == 404
    answer = press(mira, url, "publish", description="When to come.", text="## When\n\nOn Mondays.")
    assert answer.location.endswith("?said=publish")
    assert "On Mondays." in stranger.page("/visits").texts("main")[0]
    assert newest(url).saved_by == "Mira"
    assert "Published the page visits." in [one.what for one in db.session.scalars(db.select(Activity))]


def test_rows_are_added_filled_moved_taken_out_and_put_back(mira: PageClient) -> None:
    url = begin(mira, "summary", "Arms")
    for text in ("First.", "Second."):
        way = press(mira, url, "add:key_findings").location
        assert "#" not in way, "a browser that goes to a place passes over autofocus"
        [*_, box] = mira.page(way).select("textarea[name^='key_findings.']")
        assert box.get("autofocus") is not None
        press(mira, way.partition("#")[0], "save", **{box.get("name"): text})
    assert newest(url).content["key_findings"] == ["First.", "Second."]
    press(mira, url, "up:key_findings:1")
    assert newest(url).content["key_findings"] == ["Second.", "First."]
    way = press(mira, url, "remove:key_findings:0", key_findings__1="First, typed just now.").location
    assert newest(url).content["key_findings"] == ["First, typed just now."]
    page = mira.page(way.partition("#")[0])
    back = page.one("button[value^='back:']")
    assert words(back) == "Put back key finding 1"
    press(mira, url, back.get("value"))
    assert newest(url).content["key_findings"] == ["Second.", "First, typed just now."]


def test_rows_in_rows(mira: PageClient) -> None:
    url = begin(mira, "summary", "Arms")
    way = press(mira, url, "add:study.outcomes").location.partition("#")[0]
    press(mira, way, "save", study__outcomes__0__name="Leaks")
    way = press(mira, url, "add:study.outcomes.0.groups").location.partition("#")[0]
    press(mira, way, "save", **{"study.outcomes.0.groups.0.name": "placebo", "study.outcomes.0.groups.0.people": "12"})
    assert newest(url).content["study"]["outcomes"] == [
        {"name": "Leaks", "groups": [{"name": "placebo", "people": 12}]}
    ]


def test_choices_are_words_not_keys(mira: PageClient) -> None:
    page = mira.page(press(mira, begin(mira, "summary"), "add:study.outcomes").location)
    assert "Heart and blood pressure" in page.texts("#f-study-outcomes-0-topic option")
    assert "Changed, with nobody to compare" in page.texts("#f-study-outcomes-0-direction option")


def test_a_group_says_what_it_is_for(mira: PageClient) -> None:
    page = mira.page(begin(mira, "summary"))
    assert words(page.one("#f-study-in_people > .hint")) == "Of animal and cell studies."
    labels = page.texts("#f-study-in_people label")
    assert labels[0] == "Tested in people elsewhere? Text"


def test_a_row_of_a_row_that_is_gone_cannot_be_put_back_and_nothing_else_is_changed(mira: PageClient) -> None:
    url = begin(mira, "summary", "Arms")
    way = press(mira, url, "add:study.outcomes").location.partition("#")[0]
    press(mira, way, "save", study__outcomes__0__name="Leaks")
    way = press(mira, url, "add:study.outcomes.0.groups").location.partition("#")[0]
    press(mira, way, "save", **{"study.outcomes.0.groups.0.name": "placebo"})
    full = newest(url).number
    press(mira, url, "remove:study.outcomes:0")
    before = newest(url).content
    assert press(mira, url, f"back:study.outcomes.0.groups:0:{full}").status_code == 303
    assert newest(url).content["title"] == before["title"]
    assert "name" not in str(newest(url).content.get("study"))


@pytest.mark.parametrize("typed", ["about 40", "4.5.6", "\x00", "9" * 40, "<script>", "½", "-", "x" * 30_000])
def test_what_is_no_number_is_kept_shown_and_stops_publishing(mira: PageClient, typed: str) -> None:
    url = begin(mira, "summary", "Arms")
    answer = press(mira, url, "publish", study__participants=typed)
    assert answer.status_code == 422
    shown = typed.replace("\x00", "")
    assert Page(answer.text).one("#f-study-participants").get("value") == shown


def test_a_second_tab_never_overwrites_the_first_and_nothing_is_lost(mira: PageClient) -> None:
    url = begin(mira)
    first, second = (mira.page(url).values(FORM, lead=text) for text in ("Mine.", "Theirs."))
    assert mira.post(url, data={**second, "do": "save"}).status_code == 303
    answer = mira.post(url, data={**first, "do": "save"})
    assert answer.status_code == 409
    page = Page(answer.text)
    assert "saved this meanwhile" in page.texts(".desk-problem")[0]
    assert words(page.one("#f-lead")) == "Mine.", "what I typed is still here"
    assert newest(url).content["lead"] == "Theirs."
    assert mira.post(url, data={**page.values(FORM), "do": "save"}).status_code == 303
    assert newest(url).content["lead"] == "Mine."
    mine = db.select(Revision).where(Revision.document_id == newest(url).document_id).order_by(Revision.number)
    assert [one.content.get("lead") for one in db.session.scalars(mine)] == [None, "Theirs.", "Mine."]


def test_one_sitting_never_stands_in_its_own_way(mira: PageClient) -> None:
    url = begin(mira)
    values = mira.page(url).values(FORM)
    piece = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for text in ("A", "Ab", "Abc"):
        answer = mira.post(url, data={**values, "lead": text}, headers=piece)
        assert answer.status_code == 200
        assert answer.text.startswith("Saved at ")
        assert "<form" not in answer.text
    assert newest(url).content["lead"] == "Abc"
    other = mira.page(url).values(FORM)
    mira.post(url, data={**other, "lead": "Of another tab"}, headers=piece)
    answer = mira.post(url, data={**values, "lead": "Abcd"}, headers=piece)
    assert answer.status_code == 409
    assert "still here" in answer.text


def test_signed_out_while_writing_is_told_and_the_text_can_still_be_saved(mira: PageClient) -> None:
    url = begin(mira)
    values = mira.page(url).values(FORM, lead="Typed.")
    mira.post("/desk/sign-out", data=mira.page("/desk/").values("header form"))
    answer = mira.post(url, data=values, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 401
    assert "What you wrote is still here" in answer.text
    assert newest(url).content.get("lead") is None


def test_an_old_text_comes_back_as_the_newest_draft(mira: PageClient) -> None:
    url = begin(mira)
    press(mira, url, "save", lead="Old.")
    press(mira, url, "save", lead="New.")
    page = mira.page(f"{url}/history")
    assert page.texts("main li b") == ["Version 3", "Version 2", "Version 1"]
    action = page.select("main form")[0].get("action")
    mira.post(action, data=page.values(f"form[action='{action}']"))
    assert newest(url).content["lead"] == "Old."
    assert newest(url).origin == "restore"


def change(client: PageClient, url: str, what: str, **values: str) -> Any:
    return client.post(f"{url}/{what}", data=client.page(f"{url}/{what}").values("main form", **values))


@pytest.mark.parametrize("what", ["publish", "schedule", "unpublish", "correct"])
def test_a_page_that_asks_answers_a_question_for_its_head_too(mira: PageClient, what: str) -> None:
    assert mira.head(f"{begin(mira)}/{what}").status_code == 200


def test_a_text_is_published_at_its_time(mira: PageClient, stranger: PageClient, forward: Forward) -> None:
    url = begin(mira)
    press(mira, url, "save", description="When.", lead="Come.", text="## When\n\nOn Mondays.")
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=40)).date().isoformat()
    for wrong, why in (({"day": "soon"}, "write the day like"), ({"zone": "Mars"}, "not the name of a zone"),
                       ({"day": "2020-01-01"}, "This time is past"), ({"time": "09:00+02:00"}, "the time like"),
                       ({"day": "9999-12-31", "time": "23:00", "zone": "America/Lima"}, "No calendar")):  # fmt: skip
        answer = change(mira, url, "schedule", **{"day": day, "time": "09:00", "zone": "Europe/Berlin"} | wrong)
        assert answer.status_code == 422
        assert why in answer.text
    way = change(mira, url, "schedule", day=day, time="09:00", zone="Europe/Berlin").location
    said = mira.page(way).texts("main [role=status] .desk-said")[0]
    assert re.search(r"will be published on \w+day \d+ \w+ \d{4}, 09:00 \(Europe/Berlin; 0[78]:00 UTC\)\.$", said)
    assert mira.page(f"{url}?said=schedule&zone=Mars").texts("main [role=status] .desk-said")[0].endswith("UTC.")
    assert re.search(r"To be published on \w+day \d+ \w+ \d{4}, 0[78]:00 UTC", mira.page(url).texts("main .small")[0])
    forward(dt.timedelta(days=41))
    assert publish_due() == 1
    assert stranger.page("/visits").h1 == "Visits"


def test_what_readers_first_see_has_the_day_on_which_they_do(mira: PageClient, forward: Forward) -> None:
    """Letters and lists would take it for old, were it the day on which it was begun."""
    url = begin(mira)
    began, soon = newest(url).content["date"], dt.timedelta(days=9)
    forward(soon)
    assert press(mira, url, "publish", description="When.", lead="Come.").status_code == 422
    assert newest(url).content["date"] == began, "what is refused is left as it was"
    press(mira, url, "save", text="## When\n\nOn Mondays.")
    day = clock.today() + soon
    change(mira, url, "schedule", day=day.isoformat(), time="09:00", zone="UTC")
    assert newest(url).content["date"] == day.isoformat()
    assert change(mira, url, "publish").location.endswith("?said=publish")
    published = newest(url)
    assert published.content["date"] == clock.today().isoformat(), "earlier than it was to be"
    document = db.session.get(Document, published.document_id)
    assert document
    assert document.live_revision_id == published.id
    forward(soon)
    press(mira, url, "publish", lead="Do come.")
    assert newest(url).content["date"] == published.content["date"], "and keeps it"


def test_a_page_that_is_taken_down_says_why(mira: PageClient, stranger: PageClient) -> None:
    url = begin(mira)
    press(mira, url, "publish", description="When.", lead="Come.", text="## When\n\nOn Mondays.")
    assert change(mira, url, "unpublish", sentence="").status_code == 422
    assert change(mira, url, "unpublish", sentence="We have moved.").status_code == 303
    gone = stranger.get("/visits")
    assert gone.status_code == 410
    assert "We have moved." in gone.text


def test_a_correction_is_told_to_readers(mira: PageClient, stranger: PageClient) -> None:
    make_categories()
    summary = make_summary("arms", study=STUDY, harms="Nobody was hurt.")
    document = document_named("summary", "arms")
    assert document
    url = f"/desk/documents/{document.id}"
    press(mira, url, "save", key_findings__0="Eight people, not nine.")
    assert change(mira, url, "correct", sentence="It said nine people; there were eight.").status_code == 303
    page = stranger.page(f"/research/{summary.slug}")
    assert "It said nine people; there were eight." in page.html
    assert "Eight people, not nine." in page.html


def test_a_correction_that_is_pressed_twice_is_told_once(mira: PageClient) -> None:
    make_categories()
    make_summary("arms", study=STUDY, harms="Nobody was hurt.")
    document = document_named("summary", "arms")
    assert document
    url = f"/desk/documents/{document.id}"
    press(mira, url, "save", key_findings__0="Eight people, not nine.")
    values = mira.page(f"{url}/correct").values("main form", sentence="There were eight people.")
    first, second = (mira.post(f"{url}/correct", data=values) for _ in range(2))
    assert first.location == second.location
    assert len(corrections_of(document)) == 1
    noted = db.session.scalars(db.select(Activity.what).where(Activity.what.startswith("Corrected"))).all()
    assert len(noted) == 1
    mira.post(f"{url}/correct", data=values | {"sentence": "And they were eight adults."})
    assert len(corrections_of(document)) == 2


def test_a_correction_of_a_page_or_an_answer_is_told_to_readers_too(mira: PageClient, stranger: PageClient) -> None:
    url = begin(mira)
    press(mira, url, "publish", description="When.", lead="Come.", text="## When\n\nOn Mondays.")
    assert not stranger.page("/visits").select("#corrected-here")
    assert change(mira, url, "correct", sentence="It is <Mondays>.").location == f"{url}?said=correct"
    assert "It is <Mondays>." in words(stranger.page("/visits").one("#corrected-here ~ ul"))
    make_categories()
    make_summary("arm-training")
    file = make_topic_file()
    topic = Document(kind="topic", key=file.key, language="en")
    save_revision(topic, canonical(file.content, file.key), by="Mira")
    url = f"/desk/documents/{topic.id}"
    press(mira, url, "publish")
    change(mira, url, "correct", sentence="It may help a little.")
    assert "It may help a little." in words(stranger.page(f"/categories/{file.key}").one("#corrected-here ~ ul"))


def test_any_text_is_saved_and_shown_escaped(mira: PageClient) -> None:
    url = begin(mira, title="<b>&amp; “Odd”")
    odd = "</textarea><script>alert(1)</script>\"'&lt;\u2028 é\n\n\n- a\n# b\n"
    press(mira, url, "save", text=odd)
    page = mira.page(url)
    assert page.one("#f-text").text.strip() == odd.strip().replace("\u2028", "\n")
    assert page.h1 == "<b>&amp; “Odd”"


def test_two_documents_never_begin_with_one_name(mira: PageClient) -> None:
    begin(mira)
    values = mira.page("/desk/documents").values("main form[method=post]", kind="page", title="Visits")
    assert "optional" not in words(mira.page("/desk/documents").one("main form[method=post]"))
    answer = mira.post("/desk/documents", data=values)
    assert answer.status_code == 422
    assert "There is a document with this title already" in answer.text


def test_many_documents_come_page_by_page_and_are_found_by_their_titles(mira: PageClient) -> None:
    for number in range(PER_PAGE + 2):
        document = Document(kind="page", key=f"call-{number}", language="en")
        save_revision(document, {"title": f"100% of visit {number}"}, by="Mira")
    page = mira.page("/desk/documents")
    assert len(page.select(".desk-rows li")) == PER_PAGE
    page = mira.page(page.one("nav[aria-label='Pages of documents'] a").get("href"))
    assert "100% of visit 0" in page.texts(".desk-rows a")
    assert page.texts("nav[aria-label='Pages of documents'] a") == ["Later saved"]
    assert mira.page("/desk/documents?q=VISIT+51").texts(".desk-rows a") == ["100% of visit 51"]
    assert mira.page("/desk/documents?q=%25+of+visit+7").texts(".desk-rows a") == ["100% of visit 7"]
    assert mira.page("/desk/documents?q=1_0&page=99999999999").texts("#all ~ p") == ["There is no such document."]
    assert len(mira.page("/desk/").select("section[aria-labelledby=works] li a")) == 10, "the last ones"
