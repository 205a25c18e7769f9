"""The search of a topic follows where another topic takes its place, and nothing readers see is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func

from tests.desk.conftest import enter
from tests.factories import make_categories
from tests.page import PageClient, client_of, words
from tests.watch.recruiting.making import make_search, make_trial
from webapp.extensions import db
from webapp.library.actions import load_library
from webapp.models import Category, HiddenTrial, TrialSearch


@pytest.fixture
def mira(app: Flask) -> PageClient:
    make_categories("pain", "skin")
    return enter(client_of(app))


def id_of(slug: str) -> int:
    found: int = db.session.scalars(db.select(Category.id).where(Category.slug == slug)).one()
    return found


def merge(client: PageClient) -> str:
    """Make pain a part of skin; what the page says before."""
    url = f"/desk/categories/{id_of('pain')}/merge"
    page = client.page(f"{url}?into={id_of('skin')}")
    assert client.post(url, data=page.values("main form.form, main form[method=post]")).status_code == 303
    db.session.rollback()
    return words(page.one("main"))


def seen(client: PageClient) -> list[str]:
    return client.page("/categories/skin").texts(".trial-list a")


def count(model: type[TrialSearch | HiddenTrial]) -> int:
    return db.session.scalar(db.select(func.count()).select_from(model)) or 0


def test_it_follows_to_a_topic_that_has_none(mira: PageClient) -> None:
    make_search(make_trial(1), make_trial(2), slug="pain", hidden=(2,))
    assert "Its search for trials goes to Skin" in merge(mira)
    assert seen(mira) == ["Training of the arms 1 (NCT00000001)"]
    assert (count(TrialSearch), count(HiddenTrial)) == (1, 1)


def test_it_makes_room_for_one_that_readers_see(mira: PageClient) -> None:
    make_search(make_trial(1), slug="pain", hidden=(1,))
    make_search(make_trial(2), slug="skin")
    merge(mira)
    assert seen(mira) == ["Training of the arms 2 (NCT00000002)"]
    assert (count(TrialSearch), count(HiddenTrial)) == (1, 0)


def test_one_that_readers_see_takes_the_place_of_mere_words(mira: PageClient) -> None:
    make_search(make_trial(1), slug="pain")
    words_alone = make_search(slug="skin", hidden=(5,))
    words_alone.live_condition = words_alone.live_words = None
    db.session.commit()
    merge(mira)
    assert seen(mira) == ["Training of the arms 1 (NCT00000001)"]
    assert (count(TrialSearch), count(HiddenTrial)) == (1, 0)


def test_a_topic_without_a_search_takes_nothing_away(mira: PageClient) -> None:
    make_search(make_trial(2), slug="skin")
    assert "search for trials" not in merge(mira)
    assert seen(mira) == ["Training of the arms 2 (NCT00000002)"]


def test_a_topic_that_is_deleted_takes_its_search_along(mira: PageClient) -> None:
    make_search(make_trial(1), slug="pain", hidden=(1,))
    url = f"/desk/categories/{id_of('pain')}/delete"
    page = mira.page(url)
    assert "Gone with it: its search for trials." in words(page.one("main"))
    assert mira.post(url, data=page.values()).status_code == 303
    assert (count(TrialSearch), count(HiddenTrial)) == (0, 0)


@pytest.mark.parametrize(("leads_to", "is_seen"), [("skin", True), ("everything", False)])
def test_it_follows_files_too(mira: PageClient, tmp_path: Path, leads_to: str, is_seen: bool) -> None:
    make_search(make_trial(1), slug="pain")
    (tmp_path / "categories.yml").write_text(
        f"- name: Topics\n  categories:\n    - {{slug: pain, name: Pain, description: All, leads_to: {leads_to}}}\n"
    )
    load_library([tmp_path])
    assert bool(seen(mira)) == is_seen
    assert count(TrialSearch) == int(is_seen)
