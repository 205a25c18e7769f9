"""Two at once: nothing is published, counted or cleared from what was read before the other was done."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Forward
from tests.factories import make_categories, make_document, make_documents, make_summary_file, public_keys
from tests.page import PageClient
from webapp import clock
from webapp.documents import actions, projection, publishing
from webapp.documents.actions import (
    ConflictError,
    project_stale,
    publish,
    publish_due,
    save_revision,
    schedule,
    unpublish,
)
from webapp.documents.problems import InvalidDocumentError
from webapp.documents.queries import document_named
from webapp.documents.schema import JsonContent, canonical
from webapp.extensions import db
from webapp.library.actions import load_library
from webapp.models import Document, FacetCount, Summary

URL = "/research/a-trial-of-arm-training-arm-training"


@pytest.fixture(autouse=True)
def _categories(app: Flask) -> None:
    make_categories("hand-and-arm-use", "pain")


def content_of(**changes: Any) -> JsonContent:
    return canonical(make_summary_file(**changes).content, "arm-training")


def the_summary() -> Document:
    found = document_named("summary", "arm-training")
    assert found
    return found


def elsewhere(app: Flask, act: Callable[[], object]) -> None:
    """Do something as another process would: with a session of its own, and be done with it."""

    def work() -> None:
        with app.app_context():
            act()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def before_the_lock(
    monkeypatch: pytest.MonkeyPatch, app: Flask, act: Callable[[], object], *places: object
) -> list[bool]:
    """Let another process act just before a lock is taken for the first time."""
    real = projection.lock
    done: list[bool] = []

    def lock(session: Any, documents: Any) -> None:
        if not done:
            done.append(True)
            elsewhere(app, act)
        real(session, documents)

    for place in places:
        monkeypatch.setattr(place, "lock", lock)
    return done


def publish_elsewhere() -> None:
    document = the_summary()
    content = content_of(title="New", categories=["pain"], slug="new-address")
    publish(document, save_revision(document, content, by="Ada", base=1, version=1))


def test_lists_that_are_made_anew_know_what_was_published_meanwhile(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address of before, and counts below zero, stayed for good."""
    make_document(make_summary_file())
    projection.mark_stale(db.session())
    db.session.commit()
    with monkeypatch.context() as patch:
        assert not (done := before_the_lock(patch, app, publish_elsewhere, projection))
        assert project_stale() == 1
    assert done
    assert client.page("/research/new-address").h1 == "New"
    assert client.get(URL).status_code == 308
    assert client.page("/").texts(".topics span") == ["0 summaries", "1 summary"]
    assert not db.session.scalar(db.select(FacetCount).where(FacetCount.count < 1).limit(1))
    assert not list(db.session.scalars(db.select(FacetCount).where(FacetCount.category == "hand-and-arm-use")))


def scheduled(forward: Forward) -> None:
    document = make_document(make_summary_file())
    revision = save_revision(document, content_of(title="Scheduled"), by="Ada", base=1, version=1)
    schedule(document, revision, clock.now() + dt.timedelta(hours=1))
    forward(dt.timedelta(hours=2))


def test_a_schedule_that_was_changed_meanwhile_is_kept(
    app: Flask, forward: Forward, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change() -> None:
        document = the_summary()
        better = save_revision(document, content_of(title="Better"), by="Ada", base=2, version=1)
        schedule(document, better, clock.now() + dt.timedelta(days=3))

    scheduled(forward)
    with monkeypatch.context() as patch:
        before_the_lock(patch, app, change, actions)
        assert publish_due() == 0
    db.session.expire_all()
    assert the_summary().go_live_at
    forward(dt.timedelta(days=4))
    assert publish_due() == 1
    assert db.session.scalar(db.select(Summary.title)) == "Better"


def test_what_was_taken_down_meanwhile_stays_down(
    app: Flask, forward: Forward, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(forward)
    with monkeypatch.context() as patch:
        before_the_lock(patch, app, lambda: unpublish(the_summary(), "Wrong."), actions)
        assert publish_due() == 0
    db.session.expire_all()
    assert (public_keys(), the_summary().unpublished_sentence) == ([], "Wrong.")


def test_a_load_does_not_bring_back_what_is_taken_down_while_it_runs(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_documents(make_summary_file("arm-training"), make_summary_file("other"))
    for key in ("arm-training", "other"):
        (tmp_path / f"{key}.md").write_text(make_summary_file(key, title=f"Changed {key}").text)
    with monkeypatch.context() as patch:
        patch.setattr("webapp.library.actions.add_revision", _after_takedown(app))
        load_library([tmp_path])
    assert public_keys() == ["other"]
    assert the_summary().unpublished_sentence == "Wrong."


def _after_takedown(app: Flask) -> Callable[..., Any]:
    """The real step; but first, once, the owner takes the document down."""
    real = publishing.add_revision
    done: list[bool] = []

    def add_revision(*arguments: Any, **words: Any) -> Any:
        if not done:
            done.append(True)
            elsewhere(app, lambda: unpublish(the_summary(), "Wrong."))
        return real(*arguments, **words)

    return add_revision


def test_two_new_documents_of_one_name_are_a_conflict(app: Flask) -> None:
    def first() -> None:
        save_revision(Document(kind="summary", key="new", language="en"), {"title": "Theirs"}, by="Bob")

    elsewhere(app, first)
    with pytest.raises(ConflictError) as conflict:
        save_revision(Document(kind="summary", key="new", language="en"), {"title": "Mine"}, by="Ada")
    assert (conflict.value.mine, conflict.value.theirs.content) == ({"title": "Mine"}, {"title": "Theirs"})


def test_an_address_taken_at_the_same_moment_is_told_and_the_session_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [Document(kind="summary", key=key, language="en") for key in ("one", "two")]
    revisions = [save_revision(document, content_of(slug="same"), by="Ada", version=1) for document in documents]
    publish(documents[0], revisions[0])
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "refuse_twins", lambda *_: None)  # it looked before the other had committed
        with pytest.raises(InvalidDocumentError, match="taken by another document"):
            publish(documents[1], revisions[1])
    assert public_keys() == ["one"]
    publish(documents[1], save_revision(documents[1], content_of(slug="own"), by="Ada", base=1, version=1))
    assert public_keys() == ["one", "two"]


@pytest.mark.parametrize(("published", "is_kept"), [("older", True), ("newer", False)])
def test_publishing_ends_a_schedule_for_an_older_text_alone(published: str, is_kept: bool) -> None:
    """On its day an older text would undo what was put right since."""
    document = make_document(make_summary_file())
    older = save_revision(document, content_of(title="Older"), by="Ada", base=1, version=1)
    to_come = save_revision(document, content_of(title="To come"), by="Ada", base=2, version=1)
    newer = save_revision(document, content_of(title="Newer"), by="Ada", base=3, version=1)
    schedule(document, to_come, clock.now() + dt.timedelta(days=1))
    publish(document, {"older": older, "newer": newer}[published])
    assert (document.scheduled_revision_id is not None) is is_kept
