"""The many saves of one sitting at the desk are one revision, and nobody writes over anybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Forward
from tests.documents.test_at_once import elsewhere
from tests.factories import make_categories, make_document, make_summary_file
from tests.page import PageClient
from webapp import clock
from webapp.documents import actions, projection, publishing
from webapp.documents.actions import ConflictError, publish, save_revision, schedule, unpublish
from webapp.documents.problems import InvalidDocumentError
from webapp.documents.queries import document_named
from webapp.documents.schema import JsonContent, canonical
from webapp.extensions import db
from webapp.models import Document, Revision


@pytest.fixture(autouse=True)
def _categories(app: Flask) -> None:
    make_categories("hand-and-arm-use")


@pytest.fixture
def document() -> Document:
    """A public summary, one revision old."""
    return make_document(make_summary_file())


def typed(title: str) -> JsonContent:
    return canonical(make_summary_file(title=title).content, "arm-training")


def save(document: Document, title: str, base: int | None, sitting: str | None = "a", **words: Any) -> Revision:
    return save_revision(
        document, typed(title), base=base, editing_session=sitting, version=1, **({"by": "Ada"} | words)
    )


def history(document: Document) -> list[tuple[int, str]]:
    db.session.expire_all()
    rows = db.select(Revision).where(Revision.document_id == document.id).order_by(Revision.number)
    return [(revision.number, revision.content["title"]) for revision in db.session.scalars(rows)]


FIRST = (1, "Arm training was tried in 40 people")


def test_the_saves_of_one_sitting_are_one_revision(document: Document, forward: Forward) -> None:
    first = save(document, "A", 1)
    before, digest = first.saved_at, first.digest
    forward(dt.timedelta(minutes=3))
    assert save(document, "A b", 2).id == first.id
    assert save(document, "A b c", 2).number == 2
    assert history(document) == [FIRST, (2, "A b c")]
    assert first.saved_at >= before + dt.timedelta(minutes=3)
    assert first.digest != digest


def test_a_sitting_goes_on_where_it_did_not_hear_that_it_saved(document: Document) -> None:
    """The answer to its first save got lost on the way."""
    save(document, "A", 1)
    save(document, "A b", 1)
    assert history(document) == [FIRST, (2, "A b")]
    new = Document(kind="summary", key="new", language="en")
    save(new, "A", None)
    save(new, "A b", None)
    assert history(new) == [(1, "A b")]


def test_saves_without_a_sitting_are_revisions_of_their_own(document: Document) -> None:
    save(document, "A", 1, None)
    save(document, "A b", 2, None)
    assert history(document) == [FIRST, (2, "A"), (3, "A b")]


@pytest.mark.parametrize("other", [{"sitting": "b"}, {"by": "Bob"}, {"sitting": None}])
def test_another_sitting_makes_a_revision_of_its_own(document: Document, other: dict[str, Any]) -> None:
    save(document, "A", 1)
    save(document, "B", 2, **other)
    assert history(document) == [FIRST, (2, "A"), (3, "B")]


def test_a_save_after_somebody_elses_is_a_conflict_and_discards_nothing(document: Document) -> None:
    save(document, "A", 1)
    theirs = save(document, "B", 2, "b", by="Bob")
    with pytest.raises(ConflictError) as conflict:
        save(document, "A more", 2)
    assert (conflict.value.mine["title"], conflict.value.theirs.id) == ("A more", theirs.id)
    assert history(document) == [FIRST, (2, "A"), (3, "B")]
    save(document, "A and B", 3)
    with pytest.raises(ConflictError):
        save(document, "A, sent before both were joined", 2)
    assert history(document)[2:] == [(3, "B"), (4, "A and B")]


def test_who_read_a_sitting_half_way_does_not_write_over_the_rest(document: Document) -> None:
    read = save(document, "A", 1).digest
    save(document, "A and much more", 2)
    with pytest.raises(ConflictError):
        save(document, "B", 2, "b", by="Bob", base_digest=read)
    assert history(document) == [FIRST, (2, "A and much more")]
    newest = db.session.scalars(db.select(Revision).where(Revision.number == 2)).one()
    save(document, "B", 2, "b", by="Bob", base_digest=newest.digest)
    assert history(document)[2:] == [(3, "B")]


def test_what_was_published_stays_as_it_was(document: Document, forward: Forward) -> None:
    published = save(document, "A", 1)
    publish(document, published)
    forward(dt.timedelta(minutes=1))
    save(document, "A, and on", 2)
    assert history(document) == [FIRST, (2, "A"), (3, "A, and on")]
    unpublish(document, "Wrong.")
    save(document, "A, and on and on", 3)
    assert history(document) == [FIRST, (2, "A"), (3, "A, and on and on")]


def test_what_was_published_and_taken_down_stays_as_it_was(document: Document) -> None:
    publish(document, save(document, "A", 1))
    unpublish(document, "Wrong.")
    save(document, "A b", 2)
    assert history(document) == [FIRST, (2, "A"), (3, "A b")]


def test_what_is_scheduled_stays_as_it_was(document: Document) -> None:
    schedule(document, save(document, "A", 1), clock.now() + dt.timedelta(days=1))
    save(document, "A b", 2)
    assert history(document) == [FIRST, (2, "A"), (3, "A b")]


def test_what_is_published_is_what_was_checked(
    app: Flask, client: PageClient, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer's last words arrive while the button is pressed: readers get them checked, or not at all."""

    def half_written() -> None:
        found = document_named("summary", "arm-training")
        assert found
        save_revision(found, {"title": "Half"}, by="Ada", base=2, editing_session="a", version=1)

    revision = save(document, "Whole", 1)
    assert revision.content["title"] == "Whole", "read before the other saves"
    real = projection.lock
    done: list[bool] = []

    def lock(session: Any, documents: Any) -> None:
        if not done:
            done.append(True)
            with monkeypatch.context() as undone:
                undone.setattr(actions, "lock", real)
                elsewhere(app, half_written)
        real(session, documents)

    for place in (actions, publishing):
        monkeypatch.setattr(place, "lock", lock)
    with pytest.raises(InvalidDocumentError, match="is missing"):
        publish(document, revision)
    assert done
    assert history(document) == [FIRST, (2, "Half")]
    assert "Arm training was tried" in client.page("/research/").html
