"""Files are checked before anything is written, loading the same twice changes nothing, and a load can be stopped."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from tests.conftest import STARTER, counted, make_app
from tests.databases import being_written
from tests.factories import (
    make_categories,
    make_summary_file,
    make_text,
    public_keys,
    write_files,
)
from tests.library.loading import held, load, loads
from tests.subscriptions.conftest import make_subscriber
from webapp.database import one_for
from webapp.documents.actions import publish, save_revision, unpublish
from webapp.documents.projection import Projection
from webapp.documents.queries import document_named, newest_revision
from webapp.edition import edition
from webapp.extensions import db
from webapp.library import queries, shipped
from webapp.library.actions import load_library
from webapp.models import Redirect, Subscriber
from webapp.sqlite_file import NOT_THERE

TABLES = (
    "documents", "revisions", "redirects", "summaries", "studies", "outcomes", "summary_categories", "summary_phases",
    "summary_terms", "facet_counts", "categories", "terms", "editions",
)  # fmt: skip


def rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Everything committed, as another process sees it."""
    names = (*TABLES, *one_for(db.engine, sqlite=("summary_search", "summary_words"), postgresql=("summary_search",)))
    with db.engine.connect() as connection:
        found = {name: connection.execute(db.text(f"SELECT * FROM {name}")) for name in names}
        return {name: sorted(map(tuple, held), key=str) for name, held in found.items()}


def old_slugs() -> dict[str, int | None]:
    return {row.slug: row.document_id for row in db.session.query(Redirect)}


def test_what_was_loaded_is_told(folder: Path, runner: FlaskCliRunner) -> None:
    told = loads(runner, folder, make_summary_file("a"), make_summary_file("b"))
    assert told == "2 added, 0 updated, 0 unchanged; 0 categories and 0 glossary terms changed."
    told = loads(runner, folder, make_summary_file("b", title="Another title"), make_summary_file("c"))
    assert told == "1 added, 1 updated, 1 unchanged; 0 categories and 0 glossary terms changed."


def test_the_shipped_library_is_loaded_when_nothing_is_named(app: Flask, runner: FlaskCliRunner) -> None:
    outcome = load(runner)
    assert outcome.exit_code == 0
    assert len(public_keys()) == len(list(STARTER.glob("summaries/*.md")))
    assert queries.every_term()


def test_loading_twice_changes_nothing(app: Flask, runner: FlaskCliRunner) -> None:
    load(runner)
    before, number = rows(app), edition()
    outcome = load(runner)
    assert "0 added, 0 updated" in outcome.output
    assert "0 categories and 0 glossary terms changed" in outcome.output
    assert rows(app) == before
    assert edition() == number
    assert all(before[name] for name in ("summaries", "categories", "terms", "editions", "summary_search"))


def test_a_written_slug_that_is_the_titles_own_counts_as_unchanged(folder: Path, runner: FlaskCliRunner) -> None:
    file = make_summary_file(slug="a-trial-of-arm-training-arm-training")
    loads(runner, folder, file)
    assert held().slug == "a-trial-of-arm-training-arm-training"
    number = edition()
    assert loads(runner, folder, file).startswith("0 added, 0 updated, 1 unchanged")
    assert edition() == number


def test_every_change_raises_the_edition_once(folder: Path, runner: FlaskCliRunner) -> None:
    with patch("webapp.documents.publishing.raise_edition") as raised:
        loads(runner, folder, make_summary_file("a"), make_summary_file("b"))
    raised.assert_called_once()
    before = edition()
    loads(runner, folder, make_summary_file("a", title="Another title"))
    assert edition() != before


def test_one_fault_keeps_everything_out(app: Flask, folder: Path, runner: FlaskCliRunner) -> None:
    before = rows(app)
    (folder / "glossary.yml").write_text("- term: Spasm\n  definition: A tight muscle.\n")
    write_files(folder, make_summary_file("a"), make_summary_file("b", limitations=[]))
    outcome = load(runner, folder)
    assert outcome.exit_code == 1
    assert "b.md" in outcome.output
    assert "Error: 1 fault in 1 file. Nothing was loaded." in outcome.output
    assert rows(app) == before


def test_a_load_that_is_stopped_leaves_whole_documents_and_the_next_one_does_the_rest(
    app: Flask, folder: Path, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped at each step of the second document: the first is public with all that lists know, the second is not."""
    files = [make_summary_file("a", related=["b"]), make_summary_file("b")]
    monkeypatch.setattr("webapp.library.actions.BATCH", 1)
    (folder / "glossary.yml").write_text("- term: Strength\n  definition: How strong a muscle is.\n")
    write_files(folder, *files)
    for step in ("add_revision", "make_live", "Projection.write", "raise_edition"):
        room = "documents.publishing" if step in {"raise_edition", "Projection.write"} else "library.actions"
        stopped_at_second(monkeypatch, f"webapp.{room}.{step}", lambda: load(runner, folder))
        assert public_keys() == ["a"], step
        held = rows(app)
        assert len(held["summary_search"]) == len(held["studies"]) == len(held["summary_terms"]) == 1
        assert loads(runner, folder).startswith("1 added, 0 updated, 1 unchanged"), step
        assert public_keys() == ["a", "b"]
        for key in ("a", "b"):
            remove_document(key)


def stopped_at_second(monkeypatch: pytest.MonkeyPatch, place: str, act: Callable[[], Result]) -> None:
    """Do something whose second step at a place never ends."""
    before, calls = resolved(place), []

    def interrupted(*arguments: Any, **words: Any) -> Any:
        calls.append(place)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return before(*arguments, **words)

    with monkeypatch.context() as patch:
        patch.setattr(place, interrupted)
        assert act().exit_code == 1


def resolved(place: str) -> Any:
    module, _, name = place.rpartition(".")
    if module.endswith("Projection"):
        return getattr(Projection, name)
    return getattr(import_module(module), name)


def remove_document(key: str) -> None:
    document = document_named("summary", key)
    assert document
    unpublish(document, "For a test.")
    db.session.delete(document)
    db.session.commit()


def test_a_load_stopped_before_the_lists_know_a_new_term_is_finished_by_the_next(
    app: Flask, folder: Path, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads(runner, folder, make_summary_file("a"))
    (folder / "glossary.yml").write_text("- term: Strength\n  definition: How strong a muscle is.\n")

    def stopped() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("webapp.library.actions.project_stale", stopped)
        assert load(runner, folder).exit_code == 1
    assert not rows(app)["summary_terms"]
    loads(runner, folder)
    assert len(rows(app)["summary_terms"]) == 1


def test_a_changed_address_leads_from_the_old_one(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file(slug="first"))
    loads(runner, folder, make_summary_file(slug="second"))
    assert held().slug == "second"
    assert old_slugs() == {"first": held().document_id}


def test_going_back_to_an_old_address_turns_the_lead_round(folder: Path, runner: FlaskCliRunner) -> None:
    for slug in ("first", "second", "first"):
        loads(runner, folder, make_summary_file(slug=slug))
    assert held().slug == "first"
    assert old_slugs() == {"second": held().document_id}


def test_a_new_summary_may_take_an_old_address(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file("a", slug="first"))
    loads(runner, folder, make_summary_file("a", slug="second"))
    loads(runner, folder, make_summary_file("b", slug="first"))
    assert (held("a").slug, held("b").slug) == ("second", "first")
    assert old_slugs() == {}


def change_on_the_site() -> None:
    document = document_named("summary", "arm-training")
    assert document
    newest = newest_revision(document)
    assert newest
    content = newest.content | {"title": "Changed on the site"}
    publish(document, save_revision(document, content, by="Ada", base=newest.number, version=1))


def test_a_change_made_on_the_site_is_not_overwritten(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file())
    change_on_the_site()
    for file in (make_summary_file(), make_summary_file(title="Changed in the file")):
        write_files(folder, file)
        outcome = load(runner, folder)
        assert outcome.exit_code == 1
        assert "was changed on this site since it was loaded. Export it first, or load with --over" in outcome.output
        assert held().title == "Changed on the site"


def test_overwrite_replaces_a_change_made_on_the_site(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file())
    change_on_the_site()
    told = loads(runner, folder, make_summary_file(title="Changed in the file"), options=("--overwrite",))
    assert told.startswith("0 added, 1 updated")
    assert held().title == "Changed in the file"
    assert loads(runner, folder).startswith("0 added, 0 updated, 1 unchanged")


def test_the_same_change_on_the_site_and_in_the_file_is_no_conflict(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file())
    change_on_the_site()
    assert loads(runner, folder, make_summary_file(title="Changed on the site")).startswith("0 added, 0 updated, 1")


def test_if_empty_loads_into_an_empty_site_only(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert load(runner, "--if-empty", STARTER / "categories.yml").exit_code == 0
    assert queries.every_category()
    before = rows(app)
    outcome = load(runner, "--if-empty")
    assert outcome.exit_code == 0
    assert outcome.output == "The site already holds its library; nothing was loaded.\n"
    assert rows(app) == before


@pytest.mark.parametrize("command", [["load"], ["load", "--if-empty"], ["check", str(STARTER)], ["export", "out"]])
def test_a_database_that_is_not_set_up_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = make_app(tmp_path / "instance").test_cli_runner().invoke(args=["library", *command])
    assert outcome.exit_code == 1
    assert outcome.stderr == f"Error: {NOT_THERE}\n"
    assert "Traceback" not in outcome.output


def test_a_path_that_is_not_there_is_told(app: Flask, runner: FlaskCliRunner) -> None:
    outcome = load(runner, "nowhere")
    assert outcome.exit_code == 2
    assert "'nowhere' does not exist" in outcome.output


def test_one_file_can_be_loaded_by_its_name(folder: Path, runner: FlaskCliRunner) -> None:
    (folder / "broken.md").write_text("not loaded")
    (folder / "good.md").write_text(make_text("good"))
    assert load(runner, folder / "good.md").exit_code == 0
    assert public_keys() == ["good"]


def test_every_field_arrives_in_the_database(folder: Path, runner: FlaskCliRunner) -> None:
    study = {
        "published": "2024-03",
        "participants": 12,
        "notice": {"kind": "retraction", "issued": "2025"},
        "injury_phases": ["acute", "chronic"],
    }
    categories = ["pain", "hand-and-arm-use"]
    loads(runner, folder, make_summary_file(study=study, title="Retracted: arm training", categories=categories))
    summary = held()
    assert [category.slug for category in summary.categories] == categories
    assert summary.study.published
    assert summary.study.published.words == "March 2024"
    assert summary.study.is_retracted
    assert summary.study.evidence.level is None
    assert (summary.level, summary.stage, summary.result, summary.notice) == (
        None, "first-people", "withdrawn", "retraction",
    )  # fmt: skip
    assert (str(summary.paper_date), summary.participants, summary.language) == ("2024-03", 12, "en")
    assert (summary.published_on, summary.checked_on) == (dt.date(2026, 1, 15), dt.date(2026, 1, 15))


def test_categories_can_change_places_and_go(folder: Path, runner: FlaskCliRunner) -> None:
    for wanted in (["hand-and-arm-use", "pain"], ["pain", "hand-and-arm-use"], ["pain"]):
        loads(runner, folder, make_summary_file(categories=wanted))
        assert [category.slug for category in held().categories] == wanted


def test_a_renamed_category_keeps_its_summaries(app: Flask, folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file())
    (folder / "categories.yml").write_text(
        "- name: Topics\n  categories:\n    - slug: hand-and-arm-use\n      name: Grasp\n      description: Hands.\n"
    )
    assert "1 categories" in loads(runner, folder)
    assert [category.name for category in held().categories] == ["Grasp"]
    assert "grasp" in str(rows(app)["summary_search"]).lower(), "the search knows the new name"


def test_files_left_out_stay_on_the_site(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file("a"))
    (folder / "a.md").unlink()
    loads(runner, folder, make_summary_file("b"))
    assert public_keys() == ["a", "b"]


def test_a_load_never_keeps_readers_waiting(app: Flask, folder: Path, runner: FlaskCliRunner) -> None:
    """While many files are loaded, another process can always write within a second (it takes a tenth of it)."""
    write_files(folder, *(make_summary_file(f"number-{number}") for number in range(180)))
    written, failed, is_done = 0, [], threading.Event()

    def vote() -> None:
        nonlocal written
        while not is_done.is_set():
            try:
                with being_written(Path(app.instance_path), seconds=1):
                    written += 1
            except TimeoutError as error:
                failed.append(error)
            time.sleep(0.02)

    thread = threading.Thread(target=vote)
    thread.start()
    try:
        assert loads(runner, folder).startswith("180 added")
    finally:
        is_done.set()
        thread.join()
    assert not failed
    assert written > 5


@pytest.mark.parametrize("number", [3, 60])
def test_files_that_are_there_already_take_few_statements(
    app: Flask, folder: Path, runner: FlaskCliRunner, number: int
) -> None:
    loads(runner, folder, *(make_summary_file(f"number-{one}") for one in range(number)))
    with counted(app) as sent:
        assert loads(runner, folder).startswith(f"0 added, 0 updated, {number} unchanged")
    assert len(sent) <= 10, sent
    assert not [statement for statement in sent if "revisions.content" in statement], "no text is read"


def test_two_loads_at_once_end_in_a_sentence_and_not_in_two_documents(
    folder: Path, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has looked at what is there before the first wrote it."""
    write_files(folder, make_summary_file())
    with monkeypatch.context() as patch:
        patch.setattr("webapp.library.actions.queries.states", dict)
        assert load(runner, folder).exit_code == 0
        outcome = load(runner, folder)
    assert outcome.exit_code == 1
    assert "run this one again" in outcome.stderr
    assert "Traceback" not in outcome.output
    assert public_keys() == ["arm-training"]
    assert loads(runner, folder).startswith("0 added, 0 updated, 1 unchanged")


def test_who_asked_for_letters_on_a_topic_gets_them_where_it_leads(app: Flask, tmp_path: Path) -> None:
    make_categories("pain", "old", "whole")
    for number, topics in enumerate((["old", "pain"], ["whole"], ["pain"])):
        make_subscriber(f"{number}@example.org", topics=topics)
    listed = "- name: Topics\n  categories:\n"
    for slug, leads_to in {"pain": "", "old": "pain", "whole": "everything"}.items():
        listed += f"    - slug: {slug}\n      name: {slug}\n      description: About.\n"
        listed += f"      leads_to: {leads_to}\n" if leads_to else ""
    (tmp_path / "categories.yml").write_text(listed)
    load_library([tmp_path])
    kept = db.session.scalars(select(Subscriber.topics).order_by(Subscriber.address))
    assert list(kept) == [["pain"], [], ["pain"]]


def test_what_another_process_adds_at_this_moment_is_not_added_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = queries.states, [0]

    def stale() -> dict[Any, Any]:
        """The first look is from before the other process wrote."""
        asked[0] += 1
        return {} if asked == [1] else dict(real())

    assert shipped.add_missing().added == 0, "a new site has its standing pages from the upgrade"
    monkeypatch.setattr("webapp.library.actions.queries.states", stale)
    assert shipped.add_missing().added == 0
    assert asked == [2]
