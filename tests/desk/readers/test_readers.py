"""Subscribers at the desk: found by their address, shown with all that is kept, deleted as if they had left."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.desk.inbox.conftest import make_message
from tests.factories import make_categories, make_summary
from tests.page import Page, PageClient, words
from tests.scholarly.answers import TRIAL
from tests.subscriptions.conftest import ADDRESS, ask, mails, make_subscriber, subscribers
from tests.watch.trials.making import hear
from webapp.desk.activity.queries import latest_activities
from webapp.desk.readers.queries import PER_PAGE
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.models import Activity, OutboxMail, SentSummary
from webapp.subscriptions.actions import leave
from webapp.subscriptions.consent import CURRENT, WORDINGS

LIST = "/desk/subscribers"
FOUND = ".subscriber-row a"
FIND = f"form[action='{LIST}']"


def find(client: PageClient, part: str) -> Page:
    answer = client.post(LIST, data=client.page(LIST).values(FIND, part=part))
    assert answer.status_code == 200
    return Page(answer.text)


def delete(client: PageClient, id_: int) -> Page:
    address = f"{LIST}/{id_}/delete"
    answer = client.post(address, data=client.page(address).values())
    assert answer.status_code == 303
    return client.page(answer.location)


def test_the_list_is_counted_and_the_newest_come_first(mira: PageClient) -> None:
    page = mira.page(LIST)
    assert words(page.one(".lead")) == "0 readers get letters."
    assert "There is nobody here yet." in words(page.one("main"))
    make_subscriber("a@example.org")
    make_subscriber("b@example.org", confirmed_at=None)
    page = mira.page(LIST)
    assert words(page.one(".lead")) == "1 reader gets letters. 1 address is not confirmed yet."
    assert page.texts(FOUND) == ["b@example.org", "a@example.org"]
    assert "Not confirmed." in page.texts(".subscriber-row")[0]
    assert mira.page(f"{LIST}?state=confirmed").texts(FOUND) == ["a@example.org"]
    assert mira.page(f"{LIST}?state=waiting").texts(FOUND) == ["b@example.org"]
    assert len(mira.page(f"{LIST}?state=made-up").texts(FOUND)) == 2


def test_a_long_list_has_pages(mira: PageClient) -> None:
    for number in range(PER_PAGE + 1):
        make_subscriber(f"{number}@example.org")
    first = mira.page(f"{LIST}?state=confirmed")
    assert len(first.texts(FOUND)) == PER_PAGE
    [older] = [link.get("href") for link in first.select("main nav a") if words(link) == "Older subscribers"]
    assert mira.page(older).texts(FOUND) == ["0@example.org"]
    assert "There are no more here." in words(mira.page(f"{LIST}?page=9").one("main"))


@pytest.mark.parametrize("part", ["kim", "KIM@XN--", " kim@faß.de ", "@FAẞ.de", "ｋｉｍ", "m@xn--fa-hia"])
def test_one_is_found_however_the_address_is_typed(mira: PageClient, part: str) -> None:
    make_subscriber("kim@xn--fa-hia.de")
    make_subscriber("ada_b@example.org")
    page = find(mira, part)
    assert page.texts(FOUND) == ["kim@xn--fa-hia.de"]
    assert "1 address has this in it." in page.texts("[role=status]")
    assert page.one("#part").get("value").strip() == part.strip()


def test_no_letter_stands_for_others(mira: PageClient) -> None:
    make_subscriber("ada@example.org")
    for part in ("%", "a_a", "\\", "nobody"):
        page = find(mira, part)
        assert not page.texts(FOUND)
        assert "No address has this in it. Somebody who left is not kept." in page.texts("[role=status]")


def test_of_many_that_are_found_the_first_are_shown(mira: PageClient) -> None:
    for number in range(PER_PAGE + 1):
        make_subscriber(f"{number}@example.org")
    page = find(mira, "example")
    assert len(page.texts(FOUND)) == PER_PAGE
    assert "Here are the first 50" in page.texts("[role=status]")[-1]


@pytest.mark.parametrize(("part", "said"), [(" ", "Please write a part"), ("x" * 255, "No address is longer")])
def test_nothing_to_find_is_said_beside_the_field(mira: PageClient, part: str, said: str) -> None:
    answer = mira.post(LIST, data=mira.page(LIST).values(FIND, part=part))
    assert answer.status_code == 422
    page = Page(answer.text)
    assert said in page.texts("#part-error")[0]
    assert [link.get("href") for link in page.select(".error-summary a")] == ["#part"]


def test_no_address_stands_in_a_url_or_a_title(mira: PageClient) -> None:
    make_subscriber("ada@example.org")
    for page in (
        mira.page(LIST),
        find(mira, "ada"),
        mira.page(f"{LIST}/1"),
        mira.page(f"{LIST}/1/delete"),
    ):
        assert "ada@example.org" in page.texts("main bdi")
        assert "ada" not in page.title
        addresses = [one.get(name) or "" for name in ("href", "action") for one in page.select("a, form")]
        assert not [address for address in addresses if "ada" in address]


def test_all_that_is_kept_is_shown(mira: PageClient) -> None:
    make_categories("pain", "skin")
    make_summary("arms", categories=["pain"], study={"registrations": [TRIAL]})
    for status, days_ago in (("RECRUITING", 3), ("COMPLETED", 1), ("COMPLETED", 0)):
        hear(status, days_ago=days_ago)
    make_subscriber(topics=["pain"], confirmed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC), frequency="monthly")
    send_letters()
    make_message(address=ADDRESS)
    make_message("Of another")
    page = mira.page(f"{LIST}/1")
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["E-mail address"] == ADDRESS
    assert facts["Letters"] == "Confirmed on 1 January 2020"
    assert (facts["How often"], facts["Topics"]) == ("Once a month", "Pain")
    assert facts["Said yes"] == "1 January 2025 at 00:00 UTC"
    assert "None" not in facts["Last letter"]
    assert facts["Mails"].startswith("1 copy, ")
    assert facts["Messages from this address"] == "Message 1"
    assert words(page.one("#sent")) == "Summaries in their letters: 1"
    assert "News of trials in their letters: 1." in words(page.one("main"))
    assert len(page.select("main .desk-rows a")) == 1
    assert words(page.one(".message-words")) == WORDINGS[CURRENT]


def test_of_one_who_waits_it_says_when_they_go(mira: PageClient) -> None:
    ask(mira, "waiting@example.org")
    [asked] = subscribers()
    page = mira.page(f"{LIST}/1")
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    day = asked.consent_at + dt.timedelta(days=30)
    assert facts["Deleted by itself"] == f"On {day.day} {day:%B %Y} or the day after, unless confirmed"
    assert facts["Topics"] == "All new summaries"
    assert "Last letter" not in facts
    asked.consent_at -= dt.timedelta(days=30)
    db.session.commit()
    assert "Due now, since nobody confirmed" in mira.page(f"{LIST}/1").texts("dd")


def gone(address: str) -> tuple[int, int, int]:
    """How much is left of somebody: subscribers, rows of what was sent, mails."""
    db.session.expire_all()
    count = db.func.count
    return (
        len([one for one in subscribers() if one.address == address]),
        db.session.scalar(db.select(count(SentSummary.id))) or 0,
        db.session.scalar(db.select(count()).where(OutboxMail.recipient == address)) or 0,
    )


@pytest.mark.parametrize("way", ["the desk", "their own link"])
def test_deleting_one_takes_the_same_as_their_own_leaving(mira: PageClient, way: str) -> None:
    make_categories("pain")
    make_summary("arms", categories=["pain"])
    make_subscriber(confirmed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    make_message(address=ADDRESS)
    send_letters()
    assert gone(ADDRESS) == (1, 1, 1)
    if way == "the desk":
        said = delete(mira, 1).texts("[role=status]")
        assert said == ["The subscriber was deleted, with all mail to them."]
    else:
        leave(subscribers()[0])
    assert gone(ADDRESS) == (0, 0, 0)
    assert mira.get("/desk/messages/1").status_code == 200


def test_who_has_not_confirmed_is_deleted_with_the_mail_that_asks(mira: PageClient) -> None:
    ask(mira, "waiting@example.org")
    assert mails()
    delete(mira, 1)
    assert (subscribers(), mails()) == ([], [])


def test_asking_deletes_nobody_and_a_second_press_is_no_fault(mira: PageClient) -> None:
    make_subscriber()
    values = mira.page(f"{LIST}/1/delete").values()
    assert len(subscribers()) == 1
    for _ in range(2):
        assert mira.post(f"{LIST}/1/delete", data=values).status_code == 303
    assert [one.what for one in latest_activities(9)].count("Deleted a subscriber.") == 1
    said = " ".join(db.session.scalars(db.select(Activity.what)))
    assert ADDRESS.partition("@")[0] not in said


@pytest.mark.parametrize("number", ["2", "9" * 30])
@pytest.mark.parametrize("what", ["", "/delete"])
def test_one_who_is_not_there_is_not_found(mira: PageClient, number: str, what: str) -> None:
    make_subscriber()
    assert mira.get(f"{LIST}/{number}{what}").status_code == 404
