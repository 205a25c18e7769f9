"""`flask letters send`: who gets what, what a letter says, and that nobody gets a thing twice or is forgotten."""

from __future__ import annotations

import datetime as dt
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from tests.conftest import make_app
from tests.factories import make_categories, make_documents, make_summary, make_summary_file
from tests.subscriptions.conftest import TOPICS, body, mails, make_subscriber, subscribers
from webapp.editorial.readability import MAX_GRADE, grade
from webapp.extensions import db
from webapp.letters import actions, queries
from webapp.letters.due import newest_last_letter
from webapp.models import OutboxMail, SentSummary, Subscriber, Summary
from webapp.subscriptions.actions import leave
from webapp.subscriptions.mails import already_subscribed, confirm_subscription

TODAY = dt.datetime.now(dt.UTC).date()
NOW = dt.datetime.now(dt.UTC)


def days_ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def at(days: int) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def topics(app: Flask) -> None:
    make_categories(*TOPICS)


def publish(key: str, category: str = "pain", days: int = 0, **changes: Any) -> Summary:
    day = days_ago(days)
    return make_summary(key, categories=[category], date=day, lastmod=day, **{"title": f"Summary {key}"} | changes)


def titles(mail: EmailMessage) -> list[str]:
    return re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", body(mail, "html"))


def got() -> dict[str, list[list[str]]]:
    """Who was written which letters, each as its titles."""
    letters: dict[str, list[list[str]]] = {}
    for mail in mails("letter"):
        letters.setdefault(str(mail["To"]), []).append(titles(mail))
    return letters


def test_each_gets_what_is_new_in_their_topics(app: Flask) -> None:
    publish("bladder", "bladder")
    publish("pain", "pain", days=1)
    make_documents(make_summary_file("draft", categories=["pain"], draft=True))
    make_subscriber("all@example.org")
    make_subscriber("pain@example.org", topics=["pain", "skin"])
    make_subscriber("skin@example.org", topics=["skin"])
    make_subscriber("waiting@example.org", confirmed_at=None)
    assert actions.send_letters().written == 2
    assert got() == {"all@example.org": [["Summary bladder", "Summary pain"]], "pain@example.org": [["Summary pain"]]}


def test_nobody_gets_what_came_out_before_they_joined(app: Flask) -> None:
    publish("old", days=3)
    publish("new", days=2)
    make_subscriber(confirmed_at=at(2))
    actions.send_letters()
    assert list(got().values()) == [[["Summary new"]]]


def test_a_summary_in_two_topics_comes_once(app: Flask) -> None:
    make_summary(categories=["pain", "skin"], date=TODAY)
    make_subscriber(topics=["pain", "skin"])
    actions.send_letters()
    assert [len(found) for [found] in got().values()] == [1]


def test_sending_again_sends_nothing_again(app: Flask) -> None:
    publish("one")
    make_subscriber()
    assert actions.send_letters().written == 1
    assert not actions.send_letters()
    [subscriber] = subscribers()
    subscriber.last_letter_at = at(7)
    db.session.commit()
    assert not actions.send_letters(), "its turn, and nothing new"
    assert subscribers()[0].last_letter_at == at(7), "there was no letter"
    publish("two")
    assert actions.send_letters().written == 1
    assert list(got().values()) == [[["Summary one"], ["Summary two"]]]


def test_a_summary_that_comes_in_late_is_not_forgotten(app: Flask) -> None:
    publish("one", days=10)
    make_subscriber(last_letter_at=at(8))
    [summary] = db.session.scalars(select(Summary))
    db.session.add(SentSummary(subscriber_id=1, document_id=summary.document_id, sent_at=at(8)))
    db.session.commit()
    publish("late", days=9)
    publish("very-old", days=60)
    actions.send_letters()
    assert list(got().values()) == [[["Summary late"]]]


@pytest.mark.parametrize(
    ("frequency", "last", "is_due"),
    [("weekly", 6, False), ("weekly", 7, True), ("monthly", 27, False), ("monthly", 31, True)],
)
def test_a_letter_comes_when_it_is_its_turn(app: Flask, frequency: str, last: int, is_due: bool) -> None:
    make_subscriber(frequency=frequency, last_letter_at=at(last))
    assert bool(queries.ids_in_turn(NOW)) == is_due


@pytest.mark.parametrize(
    ("frequency", "today", "first_day_that_is_too_late"),
    [
        ("weekly", "2026-03-10", "2026-03-04"),
        ("monthly", "2026-03-10", "2026-02-11"),
        ("monthly", "2026-01-05", "2025-12-06"),
        ("monthly", "2026-03-31", "2026-03-01"),
        ("monthly", "2028-02-29", "2028-01-30"),
    ],
)
def test_a_turn_is_counted_in_days_of_the_calendar(frequency: str, today: str, first_day_that_is_too_late: str) -> None:
    found = newest_last_letter(frequency, dt.date.fromisoformat(today))
    assert found == dt.datetime.fromisoformat(f"{first_day_that_is_too_late}T00:00:00+00:00")


def test_a_dry_run_shows_who_would_get_what_and_changes_nothing(app: Flask, runner: FlaskCliRunner) -> None:
    publish("one")
    publish("two")
    make_subscriber("all@example.org", frequency="monthly")
    make_subscriber("skin@example.org", topics=["skin"])
    outcome = runner.invoke(args=["letters", "send", "--dry-run"])
    assert outcome.exit_code == 0
    assert outcome.output.splitlines() == [
        "all@example.org (monthly)",
        "  Summary one",
        "  Summary two",
        "1 letter would be written. Nothing was changed.",
    ]
    assert not mails()
    assert subscribers()[0].last_letter_at is None


def test_sending_shows_how_far_it_is(app: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("one")
    make_subscriber()
    outcome = runner.invoke(args=["letters", "send"])
    assert outcome.exit_code == 0
    assert "Writing letters" in outcome.output
    assert "1 letter written." in outcome.output


def test_what_was_sent_is_remembered_with_its_mail(app: Flask) -> None:
    summary = publish("one")
    subscriber = make_subscriber()
    actions.send_letters()
    [row] = db.session.scalars(select(SentSummary))
    [mail] = db.session.scalars(select(OutboxMail))
    assert (row.subscriber_id, row.document_id, row.outbox_id) == (subscriber.id, summary.document_id, mail.id)
    assert row.sent_at == subscribers()[0].last_letter_at


def test_a_letter_says_where_each_study_stands(app: Flask) -> None:
    publish("trial", study={"design": "rct", "participants": 40})
    publish("rats", study={"design": "animal", "subjects": "rats", "participants": None})
    publish("talks", study={"design": "qualitative"})
    retraction = {"kind": "retraction", "reasons": ["Reused pictures."]}
    publish(
        "gone", title="Retracted: Summary gone", study={"design": "animal", "subjects": "rats", "notice": retraction}
    )
    publish("mended", study={"notice": {"kind": "correction", "reasons": ["A wrong number."]}})
    make_subscriber()
    actions.send_letters()
    [mail] = mails("letter")
    assert mail["Subject"] == "5 new summaries for you"
    section = r"<h2><a [^>]*>(?:Retracted: )?Summary (\w+)</a></h2>(.*?)(?=<h2>|$)"
    sections = dict(re.findall(section, body(mail, "html"), re.DOTALL))
    assert "Stage: Larger trials. Strong kind of study (step 2 of 5, 1 is strongest)." in sections["trial"]
    assert "Result: Animals or cells only." in sections["rats"]
    assert "Result: Describes, tests no treatment." in sections["talks"]
    assert "Result: Withdrawn." in sections["gone"]
    assert "Result" not in sections["trial"], "nobody wrote down what it measured"
    assert "Stage: Animals. Weakest kind of study (step 5 of 5, 1 is strongest)." in sections["rats"]
    assert "Done in rats. This study does not show that it works in people." in sections["rats"]
    assert "does not show that it works" not in sections["trial"]
    assert "Evidence level: none. This ladder is for treatments." in sections["talks"]
    assert "Retracted: do not rely on this study." in sections["gone"]
    assert "Evidence level: none. This paper was withdrawn." in sections["gone"]
    assert "Corrected after it came out." in sections["mended"]
    assert "Retracted" not in sections["mended"] + sections["trial"]


def test_a_letter_holds_plain_links_and_nothing_that_watches(app: Flask) -> None:
    publish("one")
    make_subscriber()
    actions.send_letters()
    [mail] = mails("letter")
    html = body(mail, "html")
    assert not re.search(r"<(img|link|script|iframe)|url\(|src=", html)
    links = set(re.findall(r'href="([^"]*)"', html))
    secret = {link for link in links if re.match(r"https://example\.org/(subscribe/manage|unsubscribe)/", link)}
    assert len(secret) == 2
    assert links - secret == {"https://example.org/", "https://example.org/research/a-trial-of-arm-training-one"}
    assert all(link in body(mail) for link in links)


def test_a_mail_program_can_stop_the_letters(app: Flask, client: Any) -> None:
    publish("one")
    make_subscriber()
    actions.send_letters()
    [mail] = mails("letter")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "letters.example.org" in mail["List-Id"]
    assert mail["Auto-Submitted"] == "auto-generated"
    found = re.fullmatch(r"<https://example\.org(/unsubscribe/\S+)>", mail["List-Unsubscribe"])
    assert found
    assert client.post(found[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not subscribers()
    assert not mails(), "what waits for them is gone too"


def test_the_header_to_leave_goes_over_the_wire_as_it_is(app: Flask) -> None:
    """A long word must not be wrapped into an encoded one: mail programs would not find the address."""
    from webapp.mail.transport import compose

    publish("one")
    make_subscriber()
    actions.send_letters()
    [row] = db.session.scalars(select(OutboxMail))
    raw = compose(row, "letters@example.org").as_bytes()
    assert row.headers["List-Unsubscribe"].encode() in raw


def test_the_words_of_the_mails_are_easy(app: Flask) -> None:
    publish("one")
    make_subscriber()
    actions.send_letters()
    confirm_subscription("a@example.org", "https://example.org/x", TODAY)
    already_subscribed("a@example.org", "https://example.org/x")
    db.session.commit()
    for mail in mails():
        lines = [line for line in re.sub(r"https?://\S+", "", body(mail)).splitlines() if line.strip() != "--"]
        assert grade("\n\n".join(lines)) <= MAX_GRADE, mail["Subject"]


def test_who_leaves_meanwhile_gets_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("one")
    subscriber = make_subscriber()
    found = queries.letter_for(subscriber.id)
    monkeypatch.setattr(queries, "letter_for", lambda _id: found)
    leave(subscriber)
    assert found
    found.subscriber.last_letter_at  # noqa: B018 (as it was read before)
    assert not actions._write_letter(1, NOW)
    assert not mails()


def test_one_letter_that_fails_keeps_nobody_from_theirs(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publish("one")
    make_subscriber("bad address")
    make_subscriber("good@example.org")
    done = actions.send_letters()
    assert (done.written, done.failed) == (1, 1)
    assert list(got()) == ["good@example.org"]
    assert subscribers()[0].last_letter_at is None
    assert "subscriber 1" in caplog.text


def test_two_runs_at_once_write_one_letter_each(app: Flask) -> None:
    for number in range(3):
        publish(f"summary-{number}")
    for number in range(25):
        make_subscriber(f"reader{number}@example.org")
    ready, faults = threading.Barrier(3), []

    def send() -> None:
        with app.app_context():
            ready.wait()
            faults.append(actions.send_letters().failed)

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == [0, 0, 0]
    counts = Counter(str(mail["To"]) for mail in mails("letter"))
    assert len(counts) == 25
    assert set(counts.values()) == {1}
    assert len(list(db.session.scalars(select(SentSummary)))) == 75


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.conftest import make_app
from webapp.extensions import db
from webapp.letters import mails
app = make_app(Path(sys.argv[1]))
place, left = sys.argv[2], 5
def dying(step):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left == 0 and place == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = step(*args, **kwargs)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call
with app.app_context():
    if place == "mail":
        mails.letter = dying(mails.letter)
    else:
        db.session.commit = dying(db.session.commit)
    app.test_cli_runner().invoke(args=["letters", "send"], catch_exceptions=False)
"""


@pytest.mark.parametrize(("place", "written"), [("before", 4), ("mail", 4), ("after", 5)])
def test_killed_half_way_and_started_again_it_forgets_nobody(app: Flask, place: str, written: int) -> None:
    """kill -9 in a process of its own, before and after a commit and between the mail and its rows."""
    publish("one")
    publish("two")
    for number in range(12):
        make_subscriber(f"reader{number}@example.org", topics=["pain"] if number % 2 else [])
    folder = Path(app.instance_path)
    db.session.remove()
    command = [sys.executable, "-c", KILLED, str(folder), place]
    killed = subprocess.run(command, cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(mails("letter")) == written
    assert_whole(written)
    again = make_app(folder)
    with again.app_context():
        assert actions.send_letters().written == 12 - written
    assert_whole(12)
    assert set(Counter(str(mail["To"]) for mail in mails("letter")).values()) == {1}
    with again.app_context():
        assert not actions.send_letters()


def assert_whole(letters: int) -> None:
    """Every mail has its rows and its time, and there are none without a mail."""
    db.session.expire_all()
    rows = list(db.session.scalars(select(SentSummary)))
    mail_ids = set(db.session.scalars(select(OutboxMail.id)))
    written_to = set(db.session.scalars(select(Subscriber.id).where(Subscriber.last_letter_at.is_not(None))))
    assert {row.outbox_id for row in rows} == mail_ids
    assert {row.subscriber_id for row in rows} == written_to
    assert len(rows) == 2 * letters
    assert len(mail_ids) == len(written_to) == letters
