"""How many letters went out, and how many are about to."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import make_categories
from tests.letters.test_letters import NOW, at, publish
from tests.subscriptions.conftest import TOPICS, make_subscriber
from webapp.extensions import db
from webapp.letters.actions import send_letters
from webapp.letters.queries import ids_in_turn, people_awaiting
from webapp.models import LetterCount

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def topics(app: Flask) -> None:
    make_categories(*TOPICS)


def test_letters_are_counted_by_month_without_anybody(app: Flask) -> None:
    publish("new")
    make_subscriber("ada@example.org")
    make_subscriber("bob@example.org")
    send_letters()
    send_letters()
    [month] = db.session.scalars(select(LetterCount))
    assert (month.month, month.letters) == (NOW.date().replace(day=1), 2)


def test_letters_about_to_go_are_of_those_in_turn_for_whom_something_is_new(app: Flask) -> None:
    assert people_awaiting(NOW) == [0]
    make_subscriber("new@example.org")
    make_subscriber("due@example.org", last_letter_at=at(8))
    make_subscriber("tomorrow@example.org", last_letter_at=at(6))
    make_subscriber("monthly@example.org", last_letter_at=at(8), frequency="monthly")
    make_subscriber("unconfirmed@example.org", confirmed_at=None)
    assert people_awaiting(NOW) == [0], "nothing was ever published"
    publish("old", days=20)
    make_subscriber("joined-since@example.org", confirmed_at=at(2))
    assert people_awaiting(NOW) == [1], "who never had a letter and joined before"
    publish("new")
    assert people_awaiting(NOW, NOW + DAY) == [3, 4]
    assert len(ids_in_turn(NOW)) == 3
    assert send_letters().written == 3
    assert people_awaiting(NOW) == [0]
