"""A correction goes to everybody who was sent the mistake, once, and to nobody else; stopped, the next run goes on."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import make_app
from tests.factories import make_categories, make_summary
from tests.subscriptions.conftest import body, mails, make_subscriber
from webapp import clock
from webapp.corrections import actions
from webapp.corrections.actions import MailingError, ask_for_mailing, write_corrections
from webapp.corrections.queries import delivery, mailing_of, people_to_tell
from webapp.documents.actions import correct, publish, save_revision, unpublish
from webapp.documents.queries import document_named, newest_revision
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.models import Correction, CorrectionMailing, Document, OutboxMail, SentCorrection, SentSummary, Subscriber
from webapp.subscriptions.actions import leave

SENTENCE = "It said nine people; there were eight."
Told = Counter[str]


@pytest.fixture
def readers(app: Flask) -> list[Subscriber]:
    """Three who were sent a summary, and one who was not."""
    make_categories("pain", "skin")
    make_summary("arms", categories=["pain"], date=clock.today(), lastmod=clock.today())
    found = [make_subscriber(f"reader{number}@example.org") for number in range(3)]
    make_subscriber("skin@example.org", topics=["skin"])
    send_letters()
    return found


def arms() -> Document:
    found = document_named("summary", "arms")
    assert found
    return found


def corrected(sentence: str = SENTENCE) -> Correction:
    """The summary, put right now."""
    newest = newest_revision(arms())
    assert newest
    content = newest.content | {"rests_on": f"{newest.content['rests_on']} {sentence}"}
    revision = save_revision(arms(), content, by="Mira", base=newest.number, version=1)
    return correct(arms(), revision, sentence)


def told() -> Told:
    return Counter(str(mail["To"]) for mail in mails("correction"))


def mailing(correction: Correction) -> CorrectionMailing:
    found = mailing_of(correction)
    assert found
    return found


def test_who_was_sent_the_mistake_is_told_once(readers: list[Subscriber]) -> None:
    correction = corrected()
    assert not write_corrections(), "nothing is mailed unasked"
    assert people_to_tell(correction) == 3
    assert ask_for_mailing(correction, by="Mira") == 3
    assert str(write_corrections()) == "3 mails written"
    assert told() == {f"reader{number}@example.org": 1 for number in range(3)}
    assert not write_corrections()
    assert sum(told().values()) == 3
    assert (mailing(correction).written, mailing(correction).failed) == (3, 0)
    assert mailing(correction).finished_at is not None


def test_the_mail_says_what_was_wrong_and_can_be_answered_with_a_click(readers: list[Subscriber]) -> None:
    ask_for_mailing(corrected(), by="Mira")
    write_corrections()
    mail = mails("correction")[0]
    assert SENTENCE in body(mail)
    assert f"https://example.org/research/{arms().slug}" in body(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip("<>") in body(mail), "the same link, for whoever reads"


def test_nobody_is_asked_twice_and_never_about_nobody(readers: list[Subscriber]) -> None:
    correction = corrected()
    ask_for_mailing(correction, by="Mira")
    with pytest.raises(MailingError, match="Nobody is told twice"):
        ask_for_mailing(correction, by="Ada")
    write_corrections()
    with pytest.raises(MailingError, match="nobody to tell"):
        ask_for_mailing(correction, by="Ada")
    assert mailing(correction).asked_by == "Mira"


def test_who_left_or_got_the_right_text_is_not_told(readers: list[Subscriber]) -> None:
    correction = corrected()
    late = make_subscriber("late@example.org")
    send_letters()
    assert db.session.scalars(select(SentSummary).where(SentSummary.subscriber_id == late.id)).all()
    ask_for_mailing(correction, by="Mira")
    leave(readers[0])
    write_corrections()
    assert told() == {"reader1@example.org": 1, "reader2@example.org": 1}
    assert mailing(correction).written == 2
    leave(readers[1])
    assert told() == {"reader2@example.org": 1}, "the mail goes with the person"
    assert len(db.session.scalars(select(SentCorrection)).all()) == 1


def test_who_never_got_the_letter_is_not_told(readers: list[Subscriber]) -> None:
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == "reader0@example.org")).one()
    mail.given_up_at = clock.now()
    db.session.commit()
    assert people_to_tell(corrected()) == 2


def test_a_second_correction_is_told_too(readers: list[Subscriber]) -> None:
    for sentence in ("First.", "Second."):
        ask_for_mailing(corrected(sentence), by="Mira")
        write_corrections()
    assert set(told().values()) == {2}


def test_stopped_half_way_the_next_run_goes_on(readers: list[Subscriber]) -> None:
    correction = corrected()
    ask_for_mailing(correction, by="Mira")
    answers = iter([False, False, True])
    assert write_corrections(lambda: next(answers)).written == 2
    assert (mailing(correction).written, mailing(correction).finished_at) == (2, None)
    assert delivery(correction).waiting == 2
    assert write_corrections().written == 1
    assert set(told().values()) == {1}
    assert mailing(correction).finished_at is not None


def test_killed_between_two_steps_nobody_is_told_twice(
    readers: list[Subscriber], monkeypatch: pytest.MonkeyPatch
) -> None:
    correction = corrected()
    ask_for_mailing(correction, by="Mira")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_count", killed)
        with pytest.raises(KeyboardInterrupt):
            write_corrections()
    db.session.rollback()
    assert told() == {}
    assert write_corrections().written == 3
    assert set(told().values()) == {1}


def test_a_mail_that_cannot_be_written_keeps_nobody_from_theirs(
    readers: list[Subscriber], caplog: pytest.LogCaptureFixture
) -> None:
    readers[0].address = "not an address"
    db.session.commit()
    correction = corrected()
    ask_for_mailing(correction, by="Mira")
    assert str(write_corrections()) == "2 mails written, 1 could not be written; the log says why"
    assert not write_corrections(), "it is not tried again and again"
    assert (mailing(correction).written, mailing(correction).failed) == (2, 1)
    assert "not an address" not in caplog.text


def test_what_is_taken_down_waits(readers: list[Subscriber]) -> None:
    correction = corrected()
    ask_for_mailing(correction, by="Mira")
    unpublish(arms(), "Wrong.")
    assert not write_corrections()
    assert mailing(correction).finished_at is None
    newest = newest_revision(arms())
    assert newest
    publish(arms(), newest)
    assert write_corrections().written == 3


def test_what_is_taken_down_while_it_is_mailed_goes_on_when_it_is_back(readers: list[Subscriber]) -> None:
    correction = corrected()
    ask_for_mailing(correction, by="Mira")

    def taken_down_after_the_first() -> bool:
        if sum(told().values()) == 1 and arms().live_revision_id:
            unpublish(arms(), "Wrong.")
        return False

    assert write_corrections(taken_down_after_the_first).written == 1
    assert mailing(correction).finished_at is None
    newest = newest_revision(arms())
    assert newest
    publish(arms(), newest)
    assert write_corrections().written == 2
    assert set(told().values()) == {1}


def test_two_workers_at_once_tell_everybody_once(readers: list[Subscriber], app: Flask) -> None:
    for number in range(20):
        make_subscriber(f"more{number}@example.org", created_at=clock.now() - dt.timedelta(days=9))
    send_letters()
    correction = corrected()
    ask_for_mailing(correction, by="Mira")
    written: list[int] = []

    def work() -> None:
        other = make_app(Path(app.instance_path))
        with other.app_context():
            written.append(write_corrections().written)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(written) == 23
    assert set(told().values()) == {1}
    assert mailing(correction).written == 23
    assert mailing(correction).finished_at is not None
