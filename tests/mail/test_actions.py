"""Sending what waits: again after a failure, not for ever, and by one deliverer only."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.conftest import Forward
from tests.mail.conftest import Post
from tests.mail.server import Inbox
from webapp.extensions import db
from webapp.mail import actions, queries
from webapp.mail.actions import DeliveryReport, delete_old_mail, deliver_mail
from webapp.mail.schedule import CLAIM_TIME, GIVEN_UP_RETENTION, RETRY_DELAYS, SENT_RETENTION
from webapp.mail.transport import SmtpTransport
from webapp.models import OutboxMail

SECOND = dt.timedelta(seconds=1)


def deliver(inbox: Inbox) -> DeliveryReport:
    server = SmtpTransport(inbox.url, "letters@example.org", timeout=0.3 if inbox.answer == "hang" else 20)
    try:
        return deliver_mail(server)
    finally:
        server.close()


def row() -> OutboxMail:
    db.session.expire_all()
    return db.session.scalars(select(OutboxMail)).one()


def test_what_waits_is_sent_once_oldest_first(inbox: Inbox, post: Post) -> None:
    for name in ("a", "b", "c"):
        post(f"{name}@example.org")
    assert str(deliver(inbox)) == "3 sent, 0 to be tried again, 0 given up"
    assert not deliver(inbox)
    assert [message["To"] for message in inbox.messages] == ["a@example.org", "b@example.org", "c@example.org"]
    assert queries.counts() == (0, 3, 0)


def test_nothing_goes_before_it_is_due(inbox: Inbox, post: Post, forward: Forward) -> None:
    post(due_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert not deliver(inbox)
    forward(dt.timedelta(hours=1))
    assert deliver(inbox).sent == 1


def test_a_refusal_for_good_is_given_up_at_once_and_the_others_go(inbox: Inbox, post: Post) -> None:
    post()
    inbox.answer = "550"
    assert deliver(inbox) == DeliveryReport(given_up=1)
    assert row().last_error == "550 5.1.1 no such reader here"
    inbox.answer = "accept"
    post()
    assert deliver(inbox) == DeliveryReport(sent=1)
    assert queries.counts() == (0, 1, 1)


@pytest.mark.parametrize("answer", ["451", "drop", "hang"])
def test_after_a_failure_it_waits_and_goes_later(inbox: Inbox, post: Post, forward: Forward, answer: str) -> None:
    """A server that hangs or drops after it had the whole text may have kept it: this one mail may come twice."""
    post()
    inbox.answer = answer
    assert deliver(inbox) == DeliveryReport(failed=1)
    assert row().last_error
    assert row().claimed_by is None
    inbox.answer = "accept"
    assert not deliver(inbox)
    forward(RETRY_DELAYS[0] + SECOND)
    kept = len(inbox.envelopes)
    assert deliver(inbox) == DeliveryReport(sent=1)
    assert len(inbox.envelopes) == kept + 1
    assert len({message["Message-ID"] for message in inbox.messages}) == 1
    assert row().last_error is None


def test_pauses_grow_and_after_a_day_it_is_given_up(inbox: Inbox, post: Post, forward: Forward) -> None:
    assert all(shorter <= longer for shorter, longer in pairwise(RETRY_DELAYS))
    assert sum(RETRY_DELAYS, dt.timedelta()) == dt.timedelta(days=1)
    post()
    inbox.answer = "451"
    for pause in RETRY_DELAYS:
        assert deliver(inbox) == DeliveryReport(failed=1)
        forward(pause - SECOND)
        assert not deliver(inbox)
        forward(2 * SECOND)
    assert deliver(inbox) == DeliveryReport(given_up=1)
    assert queries.counts() == (0, 0, 1)
    assert row().tries == len(RETRY_DELAYS) + 1
    forward(dt.timedelta(days=9))
    assert not deliver(inbox)


def test_a_server_that_is_not_there_ends_the_round(inbox: Inbox, post: Post) -> None:
    post()
    post()
    inbox.answer = "drop"
    assert deliver(inbox) == DeliveryReport(failed=1)
    assert [mail.tries for mail in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id))] == [1, 0]


def test_who_waited_for_the_database_takes_no_mail_from_another(inbox: Inbox, post: Post, forward: Forward) -> None:
    """Asking with a time a few seconds old, the claim of another looks longer than claims are."""
    mail, failed = post(), post()
    assert actions._claim([mail.id], "another deliverer")
    inbox.refuses_at = "text"
    assert deliver(inbox) == DeliveryReport(failed=1)
    forward(-5 * SECOND)
    assert actions._claim([mail.id], "me") is None
    assert actions._claim([failed.id], "me") is None


def test_of_those_looked_up_the_first_that_nobody_has_is_claimed(post: Post) -> None:
    first, second = post(), post()
    ids = [first.id, second.id]
    assert [claimed and claimed.id for claimed in (actions._claim(ids, me) for me in "abc")] == [*ids, None]


def test_a_claimed_mail_is_left_alone_until_the_claim_runs_out(inbox: Inbox, post: Post, forward: Forward) -> None:
    mail = post()
    assert actions._claim([mail.id], "another deliverer")
    assert actions._claim([mail.id], "me") is None
    assert not deliver(inbox)
    forward(CLAIM_TIME + SECOND)
    assert deliver(inbox) == DeliveryReport(sent=1)


def test_a_stop_is_heard_between_two_mails(inbox: Inbox, post: Post) -> None:
    post()
    post()
    server = SmtpTransport(inbox.url, "letters@example.org")
    assert deliver_mail(server, is_stopped=lambda: len(inbox.envelopes) == 1) == DeliveryReport(sent=1)
    server.close()
    assert queries.counts() == (1, 1, 0)


def test_a_busy_database_is_asked_again(inbox: Inbox, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post()
    commit, calls = db.session.commit, []

    def busy_twice() -> None:
        calls.append(1)
        if len(calls) in {2, 3}:  # the first is the claim
            raise OperationalError("COMMIT", None, Exception("database is locked"))
        commit()

    monkeypatch.setattr(db.session, "commit", busy_twice)
    assert deliver(inbox) == DeliveryReport(sent=1)
    monkeypatch.undo()
    assert queries.counts() == (0, 1, 0)


def test_no_transaction_is_open_while_the_server_answers(
    inbox: Inbox, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post()
    seen = []
    server = SmtpTransport(inbox.url, "letters@example.org")
    carry = server.send

    def send(mail: OutboxMail) -> None:
        carry(mail)
        seen.append(db.session().in_transaction())

    monkeypatch.setattr(server, "send", send)
    deliver_mail(server)
    server.close()
    assert seen == [False]


def test_old_mail_is_deleted(inbox: Inbox, post: Post, forward: Forward) -> None:
    post()
    deliver(inbox)
    inbox.answer = "550"
    post()
    deliver(inbox)
    post()
    forward(SENT_RETENTION - SECOND)
    assert delete_old_mail() == 0
    forward(2 * SECOND)
    assert delete_old_mail() == 1
    forward(GIVEN_UP_RETENTION)
    assert delete_old_mail() == 1
    assert queries.counts() == (1, 0, 0)


@pytest.mark.parametrize("back", [dt.timedelta(hours=2), dt.timedelta(days=3), dt.timedelta(days=4000)])
def test_a_clock_set_back_stops_no_mail(inbox: Inbox, post: Post, forward: Forward, back: dt.timedelta) -> None:
    """Queued, tried, or claimed by one who was killed: each while the clock was ahead."""
    forward(back)
    tried = post("tried@example.org")
    inbox.answer = "451"
    assert deliver(inbox) == DeliveryReport(failed=1)
    inbox.answer = "accept"
    claimed = post("claimed@example.org")
    assert actions._claim([claimed.id], "a deliverer that was killed")
    post("queued@example.org")
    forward(-back)
    post("now@example.org")
    assert deliver(inbox) == DeliveryReport(sent=4)
    assert row_of(tried.id).tries == 2


def test_a_mail_that_fails_after_the_clock_was_set_back_waits_its_pause(
    inbox: Inbox, post: Post, forward: Forward
) -> None:
    """Its day of writing lies in the future. It is tried at once, and then as rarely as any other."""
    forward(dt.timedelta(hours=2))
    post()
    forward(-dt.timedelta(hours=2))
    inbox.answer = "451"
    assert deliver(inbox) == DeliveryReport(failed=1)
    assert not deliver(inbox)
    forward(RETRY_DELAYS[0] - SECOND)
    assert not deliver(inbox)


def row_of(mail_id: int) -> OutboxMail:
    db.session.expire_all()
    return db.session.scalars(select(OutboxMail).where(OutboxMail.id == mail_id)).one()
