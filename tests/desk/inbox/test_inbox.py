"""Messages of readers at the desk: which wait, opened one by one, answered, deleted."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.conftest import Forward
from tests.desk.inbox.conftest import make_message
from tests.page import Page, PageClient, words
from webapp.contact.actions import delete_old_messages
from webapp.desk.activity.queries import latest_activities
from webapp.desk.inbox.queries import PER_PAGE, unanswered_messages
from webapp.extensions import db
from webapp.models import Activity, Message, OutboxMail

LIST = ".desk-rows > li > a"


def press(client: PageClient, page: Page, action: str) -> Page:
    """Press the button that posts there; the page it leads to."""
    values = page.values(f"form[action='{action}']")
    answer = client.post(action, data=values)
    assert answer.status_code == 303
    return client.page(answer.location)


def texts_kept() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(Message.text).order_by(Message.id)))


def test_those_that_wait_come_first_and_opening_one_changes_nothing(mira: PageClient, forward: Forward) -> None:
    for number in (1, 2, 3):
        make_message(f"Number {number}")
        forward(dt.timedelta(days=2))
    press(mira, mira.page("/desk/messages/3"), "/desk/messages/3/answered")
    assert mira.page("/desk/messages").texts(LIST) == ["Message 2 from Kim", "Message 1 from Kim"]
    everything = mira.page("/desk/messages?show=all")
    assert everything.texts(LIST) == [f"Message {number} from Kim" for number in (2, 1, 3)]
    told = everything.texts(".desk-rows .small")
    assert "Waiting for 4 days." in told[0]
    assert "Answered on" in told[2]
    assert unanswered_messages() == 2, "after all were opened but one"
    assert words(everything.one(".lead")) == "2 messages from readers wait for an answer."


def test_the_words_for_one_and_for_none(mira: PageClient) -> None:
    page = mira.page("/desk/messages?show=all")
    assert words(page.one(".lead")) == "No message from readers waits for an answer."
    assert "Nobody has written" in words(page.one("main"))
    make_message()
    page = mira.page("/desk/messages")
    assert words(page.one(".lead")) == "1 message from readers waits for an answer."
    assert "New today." in page.texts(".desk-rows .small")[0]


def test_marked_as_answered_it_says_so_and_can_be_undone(mira: PageClient) -> None:
    make_message()
    page = press(mira, mira.page("/desk/messages/1"), "/desk/messages/1/answered")
    assert words(page.one("[role=status]")) == "Message 1 is marked as answered."
    assert "Marked on" in words(mira.page("/desk/messages/1").one("dl"))
    page = press(mira, page, "/desk/messages/1/not-answered")
    assert words(page.one("[role=status]")) == "Message 1 waits for an answer again."
    assert unanswered_messages() == 1
    assert [one.what for one in latest_activities(2)] == [
        "Marked message 1 as not answered.",
        "Marked message 1 as answered.",
    ]


def test_a_second_press_keeps_the_time_of_the_first(mira: PageClient, forward: Forward) -> None:
    answer = mira.page(f"/desk/messages/{make_message().id}")
    press(mira, answer, "/desk/messages/1/answered")
    first = db.session.scalar(db.select(Message.answered_at))
    forward(dt.timedelta(hours=1))
    press(mira, answer, "/desk/messages/1/answered")
    assert db.session.scalar(db.select(Message.answered_at)) == first
    assert len([one for one in latest_activities(9) if "answered" in one.what]) == 1


def test_a_message_is_deleted_after_asking_and_its_copy_goes_too(mira: PageClient) -> None:
    make_message("Keep this.", owner="owner@example.org")
    make_message("Forget this.", owner="owner@example.org")
    make_message("Keep this too.", owner="owner@example.org")
    asked = mira.page("/desk/messages/2/delete")
    assert "Forget this." in texts_kept(), "asking deletes nothing"
    page = press(mira, asked, "/desk/messages/2/delete")
    assert words(page.one("[role=status]")) == "The message was deleted."
    assert texts_kept() == ["Keep this.", "Keep this too."]
    mails = "".join(db.session.scalars(db.select(OutboxMail.text)))
    assert [text in mails for text in ("Keep this.", "Forget this.", "Keep this too.")] == [True, False, True]
    assert mira.get("/desk/messages/2").status_code == 404
    press(mira, asked, "/desk/messages/2/delete")


def test_the_log_names_neither_reader_nor_words(mira: PageClient) -> None:
    make_message("A secret of mine")
    press(mira, mira.page("/desk/messages/1"), "/desk/messages/1/answered")
    press(mira, mira.page("/desk/messages/1/delete"), "/desk/messages/1/delete")
    said = " ".join(db.session.scalars(db.select(Activity.what)))
    assert "Deleted message 1." in said
    assert not [one for one in ("Kim", "kim@", "secret") if one in said]


def test_it_says_when_the_message_goes_by_itself_and_then_it_goes(mira: PageClient, forward: Forward) -> None:
    message = make_message()
    told = mira.page("/desk/messages/1").texts("dl dd")[-1]
    day = message.written_at + dt.timedelta(days=365)
    assert told == f"On {day.day} {day:%B %Y}, or the day after"
    forward(dt.timedelta(days=364))
    assert delete_old_messages() == 0
    forward(dt.timedelta(days=1, minutes=1))
    assert delete_old_messages() == 1


def test_a_hostile_message_is_shown_as_it_was_written(mira: PageClient) -> None:
    text = "<script>alert(1)</script>\n{{ 7*7 }} \u202eevil\n\n  indented " + "x" * 4000
    make_message(text, name="</a><h1>Kim</h1>", topic="made-up")
    page = mira.page("/desk/messages/1")
    assert page.one(".message-words").text == text
    assert page.texts("dd bdi")[0] == "</a><h1>Kim</h1>"
    assert page.texts(".lead") == ["Something else"]
    assert mira.page("/desk/messages").texts(LIST) == ["Message 1 from </a><h1>Kim</h1>"]


def test_a_long_list_has_pages(mira: PageClient) -> None:
    for number in range(PER_PAGE + 1):
        make_message(f"Number {number}")
    first = mira.page("/desk/messages?show=all")
    assert len(first.select(LIST)) == PER_PAGE
    [older] = [link.get("href") for link in first.select("main nav a") if words(link) == "Older messages"]
    second = mira.page(older)
    assert second.texts(LIST) == ["Message 1 from Kim"]
    assert [words(link) for link in second.select("nav[aria-label='Pages of messages'] a")] == ["Newer messages"]
    assert "no more messages" in words(mira.page("/desk/messages?page=99").one("main"))


@pytest.mark.parametrize("number", ["2", "9" * 18, "9" * 30])
@pytest.mark.parametrize("what", ["", "/delete"])
def test_a_message_that_is_not_there_is_not_found(mira: PageClient, number: str, what: str) -> None:
    make_message()
    assert mira.get(f"/desk/messages/{number}{what}").status_code == 404
    assert mira.get(f"/desk/messages?said=answered&message={number}").status_code == 200
