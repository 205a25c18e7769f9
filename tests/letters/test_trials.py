"""A change of the status of a trial stands in the next letter of its topics, once, and only while it stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.factories import make_categories, make_correction, make_summary
from tests.scholarly.answers import TRIAL
from tests.subscriptions.conftest import TOPICS, body, mails, subscribers
from tests.subscriptions.conftest import make_subscriber as make_any_subscriber
from tests.watch.trials.making import hear
from webapp import clock
from webapp.editorial.readability import MAX_GRADE, grade
from webapp.extensions import db
from webapp.letters import queries
from webapp.letters.actions import send_letters
from webapp.models import OutboxMail, SentTrialChange, TrialChange
from webapp.subscriptions.actions import leave

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _walk(app: Flask) -> None:
    """A summary from long ago, in two topics, whose trial looks for people."""
    make_categories(*TOPICS)
    publish("walk", "pain", "skin")
    hear("RECRUITING", days_ago=3)


def publish(key: str, *categories: str, number: str = TRIAL, days: int = 300) -> None:
    day = clock.today() - days * DAY
    words = {"title": f"Summary {key}", "categories": list(categories), "date": day, "lastmod": day}
    make_summary(key, study={"registrations": [number]}, **words)


def make_subscriber(address: str = "reader@example.org", **changes: Any) -> None:
    """One who joined before any of this."""
    make_any_subscriber(address, **{"confirmed_at": clock.now() - 20 * DAY, **changes})


def becomes(status: str, number: str = TRIAL) -> None:
    """A change that stands since yesterday."""
    hear(status, number, days_ago=1)
    hear(status, number)


def told() -> list[str]:
    """To whom letters went, and what their subjects say."""
    return [f"{mail['To']}: {mail['Subject']}" for mail in mails("letter")]


def weeks_later(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now() + 8 * DAY
    monkeypatch.setattr(clock, "now", lambda: now)


def test_each_in_its_topics_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    publish("walk-again", "skin")
    make_subscriber("all@example.org")
    make_subscriber("skin@example.org", topics=["skin", "pain"])
    make_subscriber("bladder@example.org", topics=["bladder"])
    make_subscriber("waiting@example.org", confirmed_at=None)
    assert not send_letters(), "the first look is no news"
    becomes("COMPLETED")
    assert send_letters().written == 2
    assert told() == [f"{who}@example.org: News of 1 trial in your topics" for who in ("all", "skin")]
    [mail, _] = mails("letter")
    for part in ("plain", "html"):
        text = " ".join(body(mail, part).split())
        assert "News of the trial: Summary walk" in text
        assert "“completed”. This trial is finished. Nobody can join any more. It was “recruiting” before." in text
    assert grade(body(mail, "plain").partition("walk")[2].partition("These letters")[0].partition("\n")[2]) <= MAX_GRADE
    weeks_later(monkeypatch)
    assert not send_letters()


def test_it_stands_beside_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscriber()
    publish("new", "pain", number="NCT09990002", days=0)
    becomes("COMPLETED")
    assert queries.people_awaiting(clock.now()) == [1]
    send_letters()
    assert [mail["Subject"] for mail in mails("letter")] == ["1 new summary, and news of 1 trial in your topics"]


def test_only_the_last_change_and_only_while_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscriber()
    hear("SUSPENDED", days_ago=2.9)
    hear("SUSPENDED", days_ago=2)
    becomes("COMPLETED")
    send_letters()
    [mail] = mails("letter")
    assert "“completed”" in body(mail, "plain")
    assert "“suspended”. " not in body(mail, "plain")
    assert db.session.scalar(db.select(db.func.count(TrialChange.id))) == 2
    becomes("RECRUITING")
    hear("COMPLETED")
    weeks_later(monkeypatch)
    assert not send_letters(), "it flips; nobody is told before it stands"


def test_who_joined_later_is_not_told_what_was() -> None:
    becomes("COMPLETED")
    make_subscriber(confirmed_at=clock.now() + dt.timedelta(seconds=1))
    make_subscriber("yesterday@example.org", confirmed_at=clock.now() - DAY)
    assert send_letters().written == 1


def test_a_summary_that_came_later_has_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscriber(topics=["bladder"])
    becomes("COMPLETED")
    weeks_later(monkeypatch)
    publish("late", "bladder", days=0)
    send_letters()
    assert [mail["Subject"] for mail in mails("letter")] == ["1 new summary for you"]


def test_one_that_opens_says_what_comes_first() -> None:
    make_subscriber()
    becomes("COMPLETED")
    becomes("RECRUITING")
    hear("RECRUITING", days_ago=-1)
    send_letters()
    text = " ".join(body(mails("letter")[0], "plain").split())
    assert "talk with your own doctor. You should never pay to take part." in text


def test_a_paper_that_was_withdrawn_or_is_not_public_invites_nobody() -> None:
    make_subscriber()
    becomes("COMPLETED")
    notice = {"kind": "retraction", "issued": "2026-01-02"}
    study = {"registrations": [TRIAL], "notice": notice}
    day = clock.today() - 300 * DAY
    make_summary("walk", title="Retracted: walking", categories=["pain"], study=study, date=day, lastmod=day)
    assert not send_letters()


def test_a_letter_that_was_given_up_comes_again_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscriber()
    becomes("COMPLETED")
    send_letters()
    [mail] = db.session.scalars(db.select(OutboxMail))
    mail.given_up_at = clock.now()
    db.session.commit()
    weeks_later(monkeypatch)
    assert send_letters().written == 1
    [row] = db.session.scalars(db.select(SentTrialChange))
    assert row.outbox_id != mail.id
    assert db.session.get_one(OutboxMail, mail.id).replaced_at
    weeks_later(monkeypatch)
    assert not send_letters()


def test_nothing_is_left_of_who_leaves() -> None:
    make_subscriber()
    becomes("COMPLETED")
    send_letters()
    [subscriber] = subscribers()
    leave(subscriber)
    assert not list(db.session.scalars(db.select(SentTrialChange)))


def test_a_dry_run_names_the_trial(runner: FlaskCliRunner) -> None:
    make_subscriber()
    becomes("COMPLETED")
    make_correction("walk", "It was wrong.")
    said = runner.invoke(args=["letters", "send", "--dry-run"]).output
    assert f"News of the trial {TRIAL}: Summary walk" in said
