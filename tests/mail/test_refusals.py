"""A refusal is held against an address only while the server takes other mail. What is given up is told, not lost."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from tests.conftest import Forward
from tests.mail.conftest import Post
from tests.mail.server import Inbox, serving
from webapp.contact.mails import message_to_owner
from webapp.extensions import db
from webapp.mail import queries
from webapp.mail.actions import DeliveryReport, delete_old_mail, deliver_mail, retry_mail, tell_owner
from webapp.mail.refusals import MAX_FAILURES
from webapp.mail.schedule import RETRY_DELAYS, SENT_RETENTION
from webapp.mail.transport import SmtpTransport
from webapp.models import OutboxMail

SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)
OWNER = "owner@example.org"
NO_SUCH_READER = "550 5.1.1 no such reader here"


def deliver(inbox: Inbox, account: str = "") -> DeliveryReport:
    server = SmtpTransport(inbox.url.replace("//", f"//{account}"), "letters@example.org", timeout=20)
    try:
        return deliver_mail(server)
    finally:
        server.close()


def rows() -> list[OutboxMail]:
    db.session.expire_all()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def given_up() -> list[str]:
    return [mail.recipient for mail in rows() if mail.given_up_at]


def notices() -> list[OutboxMail]:
    return [mail for mail in rows() if mail.kind == "mail_given_up"]


# Whose fault it is


@pytest.mark.parametrize("readers", [2, 3, 12])
def test_a_server_that_refuses_everybody_is_at_fault_and_the_mails_wait(
    inbox: Inbox, post: Post, forward: Forward, readers: int
) -> None:
    for number in range(readers):
        post(f"reader{number}@example.org")
    inbox.answer = "550"
    for _ in range(readers):  # as `flask work` does, every two seconds
        deliver(inbox)
        forward(2 * SECOND)
    assert queries.counts() == (readers, 0, 0)
    inbox.answer = "accept"
    forward(DAY / 2)
    deliver(inbox)
    assert queries.counts() == (0, readers, 0)
    assert len({message["To"] for message in inbox.messages}) == len(inbox.messages) == readers


def test_an_address_refused_between_others_is_at_fault_and_given_up_at_once(inbox: Inbox, post: Post) -> None:
    for name in ("a", "gone", "b", "away", "c"):
        post(f"{name}@example.org")
    inbox.refused = {"gone@example.org": NO_SUCH_READER, "away@example.org": "550 mailbox unavailable"}
    assert deliver(inbox) == DeliveryReport(sent=3, given_up=2)
    assert given_up() == ["gone@example.org", "away@example.org"]


def test_a_server_that_breaks_half_way_is_no_witness_against_the_second_half(inbox: Inbox, post: Post) -> None:
    for number in range(8):
        post(f"reader{number}@example.org")
    inbox.refused = {f"reader{number}@example.org": NO_SUCH_READER for number in range(4, 8)}
    assert deliver(inbox) == DeliveryReport(sent=4, failed=4)
    assert not given_up()


def test_a_server_that_refuses_one_after_the_other_over_the_day_is_at_fault(
    inbox: Inbox, post: Post, forward: Forward
) -> None:
    """Confirmations come one by one, each in a round of its own."""
    inbox.answer = "550"
    for number in range(4):
        post(f"reader{number}@example.org")
        deliver(inbox)
        forward(10 * SECOND)
    assert given_up() == ["reader0@example.org"], "nobody could know yet"
    inbox.answer = "accept"
    forward(HOUR)
    assert deliver(inbox) == DeliveryReport(sent=3)


def test_several_mails_to_one_address_are_one_refusal(inbox: Inbox, post: Post) -> None:
    for address in ("gone@example.org", "Gone@example.org", "gone@example.org"):
        post(address)
    inbox.answer = "550"
    assert deliver(inbox) == DeliveryReport(given_up=3)


def test_two_bad_addresses_side_by_side_wait_a_day_and_no_longer(inbox: Inbox, post: Post, forward: Forward) -> None:
    post("gone@example.org")
    post("away@example.org")
    inbox.answer = "550"
    for pause in RETRY_DELAYS:
        assert deliver(inbox) == DeliveryReport(failed=2)
        forward(pause + SECOND)
    assert deliver(inbox) == DeliveryReport(given_up=2)
    assert [mail.refused_at for mail in rows()] == [None, None], "it is held against none of them"


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("EHLO", "554 5.7.1 your address is on a list"),
        ("MAIL", "550 5.1.1 no such sender"),
        ("MAIL", "553 5.7.1 sender not owned by user"),
        ("DATA", "503"),
        ("text", "550 5.7.1 looks like spam"),
        ("text", "552 5.2.3 too long"),
        ("RCPT", "550 5.7.1 relaying denied"),
        ("RCPT", "550 5.4.5 daily limit reached"),
        ("RCPT", "553 5.1.8 bad sender's address"),
        ("RCPT", "530 sign in first"),
        ("RCPT", "554 relay access denied"),
        ("RCPT", "421 closing"),
    ],
)
def test_what_is_refused_for_another_reason_is_never_the_addresss_fault(
    inbox: Inbox, post: Post, forward: Forward, stage: str, words: str
) -> None:
    post()
    inbox.refuses_at, inbox.refusal = stage, words
    assert deliver(inbox) == DeliveryReport(failed=1)
    [mail] = rows()
    assert words.split(maxsplit=1)[0] in (mail.last_error or "")
    assert mail.refused_at is None
    inbox.refuses_at = ""
    forward(RETRY_DELAYS[0] + SECOND)
    assert deliver(inbox) == DeliveryReport(sent=1)


def test_a_wrong_password_is_never_the_addresss_fault(post: Post) -> None:
    def refuse(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, _given: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    post()
    with serving(Inbox(), authenticator=refuse, auth_require_tls=False) as inbox:
        assert deliver(inbox, "user:wrong@") == DeliveryReport(failed=1)
    [mail] = rows()
    assert "535" in (mail.last_error or "")


def test_a_refusal_before_the_text_leaves_the_conversation_usable(inbox: Inbox, post: Post, app: Flask) -> None:
    server = SmtpTransport(inbox.url, "letters@example.org", timeout=20)
    inbox.refuses_at = "DATA"
    post()
    assert deliver_mail(server) == DeliveryReport(failed=1)
    inbox.refuses_at = ""
    post()
    assert deliver_mail(server) == DeliveryReport(sent=1)
    server.close()


def test_a_server_that_takes_nothing_is_not_asked_for_everybody(inbox: Inbox, post: Post) -> None:
    for number in range(3 * MAX_FAILURES):
        post(f"reader{number}@example.org")
    inbox.answer = "550"
    assert deliver(inbox) == DeliveryReport(failed=MAX_FAILURES)
    inbox.answer = "451"
    assert deliver(inbox) == DeliveryReport(failed=MAX_FAILURES)
    assert queries.counts() == (3 * MAX_FAILURES, 0, 0)


def test_a_round_that_is_killed_before_the_verdict_loses_nothing(
    inbox: Inbox, post: Post, forward: Forward, monkeypatch: pytest.MonkeyPatch
) -> None:
    post("gone@example.org")
    post("b@example.org")
    inbox.refused = {"gone@example.org": NO_SUCH_READER}
    with monkeypatch.context() as patch:
        patch.setattr("webapp.mail.actions._judge", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver(inbox)
    assert queries.counts() == (1, 1, 0)
    forward(RETRY_DELAYS[0] + SECOND)
    assert deliver(inbox) == DeliveryReport(given_up=1)


# Trying again by hand


def test_mail_retry_sends_what_was_given_up(
    runner: FlaskCliRunner, inbox: Inbox, post: Post, forward: Forward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(runner.app.config, "MAIL_URL", inbox.url)
    mails = [post(f"reader{number}@example.org") for number in range(3)]
    inbox.answer = "451"
    for pause in RETRY_DELAYS:
        deliver(inbox)
        forward(pause + SECOND)
    deliver(inbox)
    assert queries.counts() == (0, 0, 3)
    inbox.answer = "accept"
    first, second, third = (mail.id for mail in mails)
    lines = runner.invoke(args=["mail", "retry", str(second), "999"]).output.splitlines()
    assert lines[0] == "1 mail will be tried again."
    assert lines[1].strip().startswith("999 stays as it is")
    assert deliver(inbox) == DeliveryReport(sent=1)
    assert runner.invoke(args=["mail", "retry"]).output == "2 mails will be tried again.\n"
    assert deliver(inbox) == DeliveryReport(sent=2)
    assert runner.invoke(args=["mail", "retry"]).output == "0 mails will be tried again.\n"
    assert [message["To"] for message in inbox.messages] == [f"reader{number}@example.org" for number in (1, 0, 2)]
    assert first < second < third


def test_a_mail_that_is_tried_again_has_a_whole_day_again(inbox: Inbox, post: Post, forward: Forward) -> None:
    post()
    inbox.answer = "550"
    deliver(inbox)
    assert retry_mail()
    inbox.answer = "451"
    for pause in RETRY_DELAYS:
        assert deliver(inbox) == DeliveryReport(failed=1)
        forward(pause + SECOND)
    assert deliver(inbox) == DeliveryReport(given_up=1)


def test_a_mail_put_back_while_the_clock_was_ahead_goes(inbox: Inbox, post: Post, forward: Forward) -> None:
    post()
    inbox.answer = "550"
    deliver(inbox)
    forward(2 * HOUR)
    retry_mail()
    forward(-2 * HOUR)
    inbox.answer = "accept"
    assert deliver(inbox) == DeliveryReport(sent=1)


# Telling the owner


def give_one_up(inbox: Inbox, post: Post, address: str = "gone@example.org") -> None:
    post(address)
    inbox.refused[address] = NO_SUCH_READER
    post("well@example.org")
    assert deliver(inbox).given_up == 1


def test_the_owner_is_told_once_a_day_and_the_log_at_once(
    inbox: Inbox, post: Post, forward: Forward, caplog: pytest.LogCaptureFixture
) -> None:
    assert not tell_owner(OWNER)
    with caplog.at_level(logging.ERROR):
        give_one_up(inbox, post)
        give_one_up(inbox, post)
    assert len([record for record in caplog.records if "given up" in record.getMessage()]) == 2
    assert "gone@example.org" not in caplog.text
    assert tell_owner(OWNER)
    [notice] = notices()
    assert (notice.recipient, notice.subject) == (OWNER, "2 mails could not be sent")
    assert "flask mail retry" in notice.text
    assert "gone@example.org" not in notice.text
    deliver(inbox)
    give_one_up(inbox, post)
    forward(23 * HOUR)
    assert not tell_owner(OWNER), "not twice a day"
    forward(HOUR + SECOND)
    assert tell_owner(OWNER)
    assert notices()[-1].subject == "1 mail could not be sent"
    forward(5 * DAY)
    assert not tell_owner(OWNER), "nothing new"
    deliver(inbox)
    forward(SENT_RETENTION + SECOND)
    delete_old_mail()
    assert (len(notices()), len(given_up())) == (0, 3)
    assert not tell_owner(OWNER), "that it was told is deleted after a month, and it is not told again"


def test_without_an_owner_nobody_is_told(inbox: Inbox, post: Post) -> None:
    give_one_up(inbox, post)
    assert not tell_owner(None)
    assert not notices()


def test_mail_to_the_owner_is_no_reason_to_write_to_the_owner(inbox: Inbox, post: Post, forward: Forward) -> None:
    message_to_owner(OWNER, name=None, address="reader@example.org", topic="Other", message="Hi")
    db.session.commit()
    inbox.refused = {OWNER: NO_SUCH_READER}
    assert deliver(inbox) == DeliveryReport(given_up=1)
    assert not tell_owner(OWNER.title())
    give_one_up(inbox, post)
    for _ in range(40):  # hours: the notice is refused too, and causes no other
        tell_owner(OWNER)
        deliver(inbox)
        forward(HOUR)
    assert len(notices()) == 2, "one a day"
    inbox.refused = {}
    forward(DAY)
    assert tell_owner(OWNER)
    assert notices()[-1].subject == "2 mails could not be sent", "what no notice said that arrived"


def test_two_at_once_tell_the_owner_once(
    inbox: Inbox, post: Post, monkeypatch: pytest.MonkeyPatch, forward: Forward
) -> None:
    give_one_up(inbox, post)
    monkeypatch.setattr(queries, "given_up_untold", lambda *_: 1)  # both looked before either wrote
    assert [tell_owner(OWNER), tell_owner(OWNER)] == [True, False]
    assert len(notices()) == 1
