"""Many readers press at the same moment, on two workers with one database file."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from flask import Flask

from tests.conftest import make_app
from tests.factories import make_categories, make_summary
from tests.page import PageClient, Values
from webapp.extensions import db
from webapp.feedback.queries import public_vote_counts
from webapp.models import Edition, Vote

EACH = 25
"""Presses of one reader, and readers who press once, in each of two workers."""


def worker(instance: Path, url: str, same: Values, others: list[Values]) -> list[int]:
    """One process of the site: all its presses at once. What each was answered."""
    app = make_app(instance)
    start = threading.Barrier(2 * EACH)

    def press(form: Values) -> int:
        client = app.test_client()
        start.wait()
        return client.post(url, data=form).status_code

    with ThreadPoolExecutor(2 * EACH) as pool:
        answers = list(pool.map(press, [form | {"choice": "yes"} for form in [same] * EACH + others]))
    with app.app_context():
        db.engine.dispose()
    return answers


def test_a_hundred_presses_lose_nobody_and_count_nobody_twice(app: Flask, client: PageClient, tmp_path: Path) -> None:
    make_categories()
    summary = make_summary()
    url = f"/research/{summary.slug}/feedback"
    before = db.session.scalar(db.select(Edition.token))
    forms = [client.page(url).values("#feedback form") for _ in range(2 * EACH + 1)]
    assert len({form["voter"] for form in forms}) == len(forms)
    db.session.rollback()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [
            pool.submit(worker, tmp_path / "instance", url, forms[0], forms[1 + at : 1 + at + EACH]) for at in (0, EACH)
        ]
        answers = [answer for one in waiting for answer in one.result(timeout=120)]
    assert answers == [303] * 4 * EACH
    db.session.expire_all()
    readers = list(db.session.scalars(db.select(Vote.voter)))
    assert len(readers) == len(set(readers)) == 2 * EACH + 1
    assert public_vote_counts(summary.document_id) == (2 * EACH + 1, 2 * EACH + 1)
    assert db.session.scalar(db.select(Edition.token)) == before
