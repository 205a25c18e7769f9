"""Letters that were given up: what they were to say comes in the next one, once; who is never reached is taken off."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Forward
from tests.factories import make_categories
from tests.letters.test_letters import got, publish
from tests.subscriptions.conftest import ADDRESS, TOPICS, make_subscriber, subscribers
from webapp import clock
from webapp.extensions import db
from webapp.letters import actions, queries
from webapp.letters.actions import send_letters
from webapp.mail.actions import delete_old_mail, deliver_mail, retry_mail
from webapp.mail.outbox import enqueue
from webapp.mail.transport import AddressRefusedError
from webapp.models import OutboxMail, SentSummary
from webapp.subscriptions.actions import drop_refused

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
OWNER = "owner@example.org"


@pytest.fixture(autouse=True)
def topics(app: Flask) -> None:
    make_categories(*TOPICS)


@pytest.fixture
def give_up(app: Flask) -> Callable[[], None]:
    """Give up what waits, as after a day without the mail server."""

    def all_that_waits() -> None:
        for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None))):
            mail.given_up_at = mail.given_up_at or clock.now()
        db.session.commit()

    return all_that_waits


def letters(address: str = ADDRESS) -> list[OutboxMail]:
    db.session.expire_all()
    rows = select(OutboxMail).where(OutboxMail.kind == "letter", OutboxMail.recipient == address)
    return list(db.session.scalars(rows.order_by(OutboxMail.id)))


@dataclass
class Inbox:
    """A mail server without the wire (tests/mail has a real one): it refuses some recipients, or all."""

    refused: set[str] = field(default_factory=set)
    refuses_all: bool = False
    taken: list[str] = field(default_factory=list)

    def send(self, mail: OutboxMail) -> None:
        if self.refuses_all or mail.recipient in self.refused:
            raise AddressRefusedError("550 5.1.1 nobody here")
        self.taken.append(mail.recipient)


def test_what_a_given_up_letter_was_to_say_comes_in_the_next_one(
    app: Flask, forward: Forward, give_up: Callable[[], None]
) -> None:
    publish("one")
    make_subscriber()
    assert send_letters().written == 1
    give_up()
    assert not send_letters(), "not before its usual time"
    forward(WEEK)
    publish("two")
    assert send_letters().written == 1
    assert sorted(got()[ADDRESS][1]) == ["Summary one", "Summary two"]
    forward(WEEK)
    assert not send_letters(), "and then no more"


def test_however_long_the_server_is_away_nothing_is_forgotten(
    app: Flask, forward: Forward, give_up: Callable[[], None]
) -> None:
    """Every month a letter that is given up; and those given up 90 days ago are deleted."""
    publish("one", days=5)
    make_subscriber(frequency="monthly", confirmed_at=clock.now() - 6 * DAY)
    for _ in range(6):
        assert send_letters().written == 1
        give_up()
        delete_old_mail()
        forward(31 * DAY)
    assert send_letters().written == 1
    assert letters()[-1].subject == "1 new summary for you"
    [row] = db.session.scalars(select(SentSummary))
    assert row.outbox_id == letters()[-1].id


def test_a_letter_put_back_counts_as_sent(app: Flask, forward: Forward, give_up: Callable[[], None]) -> None:
    publish("one")
    make_subscriber()
    send_letters()
    give_up()
    assert retry_mail() == [letters()[0].id]
    forward(WEEK)
    assert not send_letters()
    publish("two")
    send_letters()
    assert got()[ADDRESS] == [["Summary one"], ["Summary two"]]


def test_a_letter_whose_place_another_took_is_never_put_back(
    app: Flask, forward: Forward, give_up: Callable[[], None]
) -> None:
    publish("one")
    make_subscriber()
    send_letters()
    give_up()
    forward(WEEK)
    send_letters()
    old, new = letters()
    assert retry_mail() == []
    assert retry_mail([old.id]) == []
    give_up()
    assert retry_mail() == [new.id]
    old, new = letters()
    assert (old.given_up_at is None, new.given_up_at is None) == (False, True)


def test_a_letter_put_back_while_the_next_is_written_is_not_doubled(
    app: Flask, forward: Forward, give_up: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("one")
    subscriber = make_subscriber()
    send_letters()
    give_up()
    forward(WEEK)
    found = queries.letter_for(subscriber.id)
    retry_mail()
    with monkeypatch.context() as patch:
        patch.setattr(queries, "letter_for", lambda _id: found)
        assert send_letters().failed == 1
    assert len(letters()) == 1
    assert not send_letters()


def test_a_letter_that_still_waits_counts_as_sent(app: Flask, forward: Forward) -> None:
    publish("one")
    make_subscriber()
    send_letters()
    forward(WEEK)
    assert not send_letters()


def refuse_letters(inbox: Inbox, forward: Forward, times: int, *, well: str | None = "well@example.org") -> None:
    """As many letters as that, each a week after the other, are refused; the server takes somebody else's mail."""
    inbox.refused = {ADDRESS}
    for number in range(times):
        publish(f"summary-{number}-{clock.today()}")
        assert send_letters().written == 1
        deliver_mail(inbox)
        if well:
            enqueue("greeting", well, subject="Hi", text="Hi", html="Hi")
            db.session.commit()
            deliver_mail(inbox)
        forward(WEEK)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def test_an_address_that_refuses_three_letters_is_taken_off(
    app: Flask, inbox: Inbox, forward: Forward, caplog: pytest.LogCaptureFixture
) -> None:
    make_subscriber()
    refuse_letters(inbox, forward, 2)
    assert drop_refused(OWNER) == 0
    refuse_letters(inbox, forward, 1)
    with caplog.at_level(logging.WARNING):
        assert drop_refused(OWNER) == 1
    assert not subscribers()
    assert not letters()
    assert not list(db.session.scalars(select(SentSummary)))
    assert "1 reader was taken off" in caplog.text
    assert ADDRESS not in caplog.text
    [told] = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == OWNER))
    assert told.subject == "1 reader gets no more letters"
    assert ADDRESS not in told.text
    assert drop_refused(OWNER) == 0


def test_refusals_of_one_day_are_one(app: Flask, inbox: Inbox, forward: Forward) -> None:
    """The owner tries again and again."""
    make_subscriber()
    refuse_letters(inbox, forward, 1)
    for _ in range(5):
        retry_mail()
        deliver_mail(inbox)
        enqueue("greeting", "well@example.org", subject="Hi", text="Hi", html="Hi")
        db.session.commit()
        deliver_mail(inbox)
    assert letters()[0].given_up_at
    assert drop_refused(OWNER) == 0


def test_three_letters_refused_on_one_day_cost_no_reader(app: Flask, inbox: Inbox, forward: Forward) -> None:
    make_subscriber()
    refuse_letters(inbox, forward, 3)
    for letter in letters():
        letter.refused_at = clock.now() - 21 * DAY
    db.session.commit()
    assert drop_refused(OWNER) == 0


def test_a_server_that_takes_nobodys_mail_costs_no_reader(app: Flask, inbox: Inbox, forward: Forward) -> None:
    """One reader only, so that each refusal stands alone: no witness, no verdict."""
    make_subscriber()
    refuse_letters(inbox, forward, 4, well=None)
    assert len([mail for mail in letters() if mail.given_up_at]) == 4
    assert drop_refused(OWNER) == 0
    assert len(subscribers()) == 1


def test_letters_refused_with_all_others_cost_no_reader(app: Flask, inbox: Inbox, forward: Forward) -> None:
    for number in range(3):
        make_subscriber(f"reader{number}@example.org")
    inbox.refuses_all = True
    for number in range(4):
        publish(f"summary-{number}")
        send_letters()
        for _ in range(12):
            deliver_mail(inbox)
            forward(DAY / 6)
        forward(5 * DAY)
    inbox.refuses_all = False
    enqueue("greeting", "well@example.org", subject="Hi", text="Hi", html="Hi")
    db.session.commit()
    deliver_mail(inbox)
    assert drop_refused(OWNER) == 0
    assert len(subscribers()) == 3


def test_a_letter_that_arrives_makes_up_for_those_before(app: Flask, inbox: Inbox, forward: Forward) -> None:
    make_subscriber()
    refuse_letters(inbox, forward, 2)
    inbox.refused = set()
    publish("one")
    send_letters()
    deliver_mail(inbox)
    forward(WEEK)
    refuse_letters(inbox, forward, 2)
    assert drop_refused(OWNER) == 0
    refuse_letters(inbox, forward, 1)
    assert drop_refused(None) == 1


@pytest.mark.parametrize("ahead", [2 * DAY, 400 * DAY])
def test_a_last_letter_of_tomorrow_keeps_no_letter_away(app: Flask, forward: Forward, ahead: dt.timedelta) -> None:
    """It was written while the clock was ahead; after that the next one comes as usual."""
    publish("one", days=3)
    make_subscriber(last_letter_at=clock.now() + ahead, confirmed_at=clock.now() - 60 * DAY)
    assert actions.send_letters().written == 1
    publish("two")
    assert not actions.send_letters()
    forward(WEEK)
    assert actions.send_letters().written == 1


def test_a_letter_of_two_hours_ahead_is_no_reason_for_another(app: Flask) -> None:
    publish("one")
    make_subscriber(last_letter_at=clock.now() + dt.timedelta(hours=2))
    assert not actions.send_letters()
