"""What a file asks for beside its text: to be seen now or later or not, at which address, in which language."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import Forward
from tests.factories import (
    File,
    make_page_file,
    make_summary_file,
    make_text,
    make_topic_file,
    public_keys,
    write_files,
)
from tests.library.loading import held, load, loads
from webapp.documents.actions import publish_due, unpublish
from webapp.documents.queries import document_named, newest_revision
from webapp.edition import edition
from webapp.extensions import db
from webapp.library import shipped
from webapp.models import Document


def test_a_file_that_is_a_draft_is_saved_and_shown_to_nobody(folder: Path, runner: FlaskCliRunner) -> None:
    assert loads(runner, folder, make_summary_file(draft=True)).startswith("1 added")
    assert public_keys() == []
    assert loads(runner, folder, make_summary_file(draft=True)).startswith("0 added, 0 updated, 1 unchanged")
    assert loads(runner, folder, make_summary_file()).startswith("0 added, 1 updated")
    assert public_keys() == ["arm-training"]


def test_a_draft_of_a_public_summary_changes_nothing_readers_see(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file())
    before = edition()
    loads(runner, folder, make_summary_file(title="Half a thought", draft=True))
    assert held().title == "Arm training was tried in 40 people"
    assert edition() == before


def test_a_draft_may_be_half_written_and_the_command_says_what_it_lacks(folder: Path, runner: FlaskCliRunner) -> None:
    text = "---\ndraft: true\ntitle: An idea\n---\n\n## Key Findings\n\n1. Something.\n"
    (folder / "idea.md").write_text(text)
    outcome = load(runner, folder)
    assert outcome.exit_code == 0, outcome.output
    told = [line for line in outcome.output.split("\n") if line.startswith("Draft: ")]
    assert any("author: is missing" in line for line in told)
    assert any("Simple Explanation: is missing" in line for line in told)
    document = document_named("summary", "idea")
    assert document
    assert (document.live_revision_id, document.slug) == (None, None)
    revision = newest_revision(document)
    assert revision
    assert revision.content == {"title": "An idea", "key_findings": ["Something."]}


def test_a_file_of_a_coming_day_is_published_on_that_day(
    folder: Path, runner: FlaskCliRunner, forward: Forward
) -> None:
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    loads(runner, folder, make_summary_file(date=tomorrow))
    assert loads(runner, folder).startswith("0 added, 0 updated, 1 unchanged")
    assert (public_keys(), publish_due()) == ([], 0)
    forward(dt.timedelta(days=1))
    assert publish_due() == 1
    assert held().published_on == tomorrow
    assert loads(runner, folder).startswith("0 added, 0 updated, 1 unchanged")


def test_what_the_owner_took_down_comes_back_with_overwrite_alone(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file())
    document = document_named("summary", "arm-training")
    assert document
    unpublish(document, "It was wrong.")
    loads(runner, folder)
    loads(runner, folder, make_summary_file(title="Mended"))
    assert public_keys() == []
    loads(runner, folder, make_summary_file(title="Mended again"), options=("--overwrite",))
    assert held().title == "Mended again"


def test_a_summary_may_have_its_file_in_another_language(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file())
    (folder / "arm-training.de.md").write_text(make_text("arm-training", title="Armtraining", slug="armtraining"))
    assert loads(runner, folder).startswith("1 added, 0 updated, 1 unchanged")
    languages = db.session.scalars(db.select(Document.language).where(Document.key == "arm-training"))
    assert sorted(languages) == ["de", "en"]


def in_days(days: int) -> dt.date:
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days)


def put(folder: Path, *files: File) -> None:
    folder.mkdir(exist_ok=True)
    write_files(folder, *files)


def test_the_live_file_can_be_mended_while_another_is_scheduled_and_a_draft_lies_beside(
    folder: Path, runner: FlaskCliRunner, forward: Forward
) -> None:
    put(folder, make_summary_file())
    put(folder / "scheduled", make_summary_file(title="To come", date=in_days(5)))
    put(folder / "drafts", make_summary_file(title="A draft", draft=True))
    loads(runner, folder)
    put(folder, make_summary_file(title="Mended"))
    loads(runner, folder)
    document = document_named("summary", "arm-training")
    assert document
    newest = newest_revision(document)
    assert newest
    assert (held().title, newest.content["title"]) == ("Mended", "A draft")
    assert document.go_live_at
    assert document.go_live_at.date() == in_days(5)
    forward(dt.timedelta(days=6))
    assert publish_due() == 1
    assert held().title == "To come"


def test_a_time_of_publication_is_kept_to_the_minute(folder: Path, runner: FlaskCliRunner) -> None:
    text = make_text().replace("---\n", "---\npublish_at: 2199-12-01T09:30+01:00\n", 1)
    (folder / "arm-training.md").write_text(text)
    loads(runner, folder)
    document = document_named("summary", "arm-training")
    assert document
    assert document.go_live_at == dt.datetime(2199, 12, 1, 8, 30, tzinfo=dt.UTC)
    assert public_keys() == []
    (folder / "arm-training.md").write_text(text.replace("09:30+01:00", "10:30+01:00"))
    assert loads(runner, folder).startswith("0 added, 1 updated")
    (folder / "arm-training.md").write_text(text.replace("09:30+01:00", "soon"))
    outcome = load(runner, folder)
    assert outcome.exit_code == 1
    assert ":2: publish_at: cannot be 2199-12-01Tsoon. Write a time with its zone" in outcome.stderr


@pytest.mark.parametrize("wish", ["scheduled", "draft"])
def test_another_address_in_a_file_that_is_not_public_yet_is_a_change(
    folder: Path, runner: FlaskCliRunner, forward: Forward, wish: str
) -> None:
    state: dict[str, Any] = {"date": in_days(2)} if wish == "scheduled" else {"draft": True}
    loads(runner, folder, make_summary_file(**state))
    assert loads(runner, folder, make_summary_file(slug="elsewhere", **state)).startswith("0 added, 1 updated")
    if wish == "scheduled":
        forward(dt.timedelta(days=3))
        publish_due()
        assert held().slug == "elsewhere"


def test_what_was_taken_down_is_not_scheduled_by_a_file_either(
    folder: Path, runner: FlaskCliRunner, forward: Forward
) -> None:
    loads(runner, folder, make_summary_file())
    document = document_named("summary", "arm-training")
    assert document
    unpublish(document, "It was wrong.")
    loads(runner, folder, make_summary_file(date=in_days(2)))
    forward(dt.timedelta(days=3))
    assert publish_due() == 0
    assert public_keys() == []


def test_the_address_of_what_is_to_come_is_kept_for_it(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file("first", slug="same", date=in_days(2)))
    write_files(folder, make_summary_file("second", slug="same", date=in_days(3)))
    outcome = load(runner, folder)
    assert outcome.exit_code == 1
    assert "is same, which first has already" in outcome.stderr


@pytest.mark.parametrize("name", ["research", "contact", "healthz"])
def test_a_page_named_like_an_address_of_the_site_is_a_fault_of_its_file(
    folder: Path, runner: FlaskCliRunner, name: str
) -> None:
    write_files(folder, make_page_file(name), make_summary_file())
    for command in ("check", "load"):
        outcome = runner.invoke(args=["library", command, str(folder)])
        assert outcome.exit_code == 1
        assert f"{name}.md:1: slug: is {name}, an address that the site itself uses" in outcome.stderr
    assert public_keys() == []


def test_relations_are_looked_for_in_the_language_of_the_file(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file("english"))
    (folder / "deutsch.de.md").write_text(make_text("deutsch", related=["english"], slug="deutsch"))
    outcome = load(runner, folder)
    assert outcome.exit_code == 1
    assert "“english” is not a summary" in outcome.stderr


def test_a_site_whose_language_is_set_later_gets_nothing_twice(
    app: Flask, folder: Path, runner: FlaskCliRunner
) -> None:
    load(runner)
    loads(runner, folder, make_summary_file())
    before = len(public_keys())
    app.config["SITE_LANGUAGE"] = "de"
    assert shipped.add_missing().added == 0
    assert "0 added, 0 updated" in load(runner).output
    outcome = load(runner, folder)
    assert outcome.exit_code == 1
    assert "file name: names no language, and arm-training is here in en. Write arm-training.en.md" in outcome.stderr
    assert len(public_keys()) == before


def test_a_topic_moves_with_its_category(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file(), make_topic_file())
    topic = make_topic_file(title="Pain")
    moved = topic._replace(content=topic.content.model_copy(update={"category": "pain"}))
    loads(runner, folder, moved)
    document = document_named("topic", "hand-and-arm-use")
    assert document
    assert document.slug == "pain"
    (folder / "hand-and-arm-use.md").write_text(moved.text.replace("category: pain", "slug: x\ncategory: pain"))
    assert "slug: Input should be None" in load(runner, folder).stderr
