"""Loading is all or nothing, and loading the same twice changes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import STARTER, make_app
from tests.factories import make_categories, make_summary_file, make_text, write_files
from webapp.edition import edition
from webapp.errors import NOT_THERE
from webapp.extensions import db
from webapp.library import queries
from webapp.library.schema import SummaryFile
from webapp.models import OldSlug, Summary

TABLES = ("summaries", "studies", "categories", "terms", "summary_categories", "old_slugs", "editions")


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A folder to load from; the categories are on the site already."""
    make_categories("hand-and-arm-use", "pain")
    path = tmp_path / "files"
    path.mkdir()
    return path


def load(runner: FlaskCliRunner, *arguments: object) -> Result:
    outcome = runner.invoke(args=["library", "load", *map(str, arguments)])
    db.session.remove()  # what the end of a command's context does
    return outcome


def loads(runner: FlaskCliRunner, folder: Path, *files: SummaryFile, options: tuple[str, ...] = ()) -> str:
    write_files(folder, *files)
    outcome = load(runner, folder, *options)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output.splitlines()[-1]


def held(key: str = "arm-training") -> Summary:
    db.session.expire_all()
    return next(summary for summary in queries.every_summary() if summary.key == key)


def rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Everything committed, as another process sees it."""
    with sqlite3.connect(Path(app.instance_path) / "site.db") as connection:
        names = (*TABLES, "summary_search", "summary_words")
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}


def old_slugs() -> dict[str, int | None]:
    return {row.slug: row.summary_id for row in db.session.query(OldSlug)}


def test_what_was_loaded_is_told(folder: Path, runner: FlaskCliRunner) -> None:
    told = loads(runner, folder, make_summary_file("a"), make_summary_file("b"))
    assert told == "2 added, 0 updated, 0 unchanged; 0 categories and 0 glossary terms changed."
    told = loads(runner, folder, make_summary_file("b", title="Another title"), make_summary_file("c"))
    assert told == "1 added, 1 updated, 1 unchanged; 0 categories and 0 glossary terms changed."


def test_the_shipped_library_is_loaded_when_nothing_is_named(app: Flask, runner: FlaskCliRunner) -> None:
    outcome = load(runner)
    assert outcome.exit_code == 0
    assert len(queries.every_summary()) == len(list(STARTER.glob("summaries/*.md")))
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
    with patch("webapp.library.actions.raise_edition") as raised:
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


@pytest.mark.parametrize("step", ["index.replace", "raise_edition", "fill"])
def test_an_interrupted_load_leaves_nothing(
    app: Flask, folder: Path, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = rows(app)
    (folder / "glossary.yml").write_text("- term: Spasm\n  definition: A tight muscle.\n")
    write_files(folder, make_summary_file("a"), make_summary_file("b"))
    with monkeypatch.context() as patch:
        patch.setattr(f"webapp.library.actions.{step}", interrupted)
        assert load(runner, folder).exit_code == 1
    assert rows(app) == before
    assert loads(runner, folder).startswith("2 added"), "the next load is not in the way of the broken one"


def test_a_changed_address_leads_from_the_old_one(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file(slug="first"))
    loads(runner, folder, make_summary_file(slug="second"))
    assert held().slug == "second"
    assert old_slugs() == {"first": held().id}


def test_going_back_to_an_old_address_turns_the_lead_round(folder: Path, runner: FlaskCliRunner) -> None:
    for slug in ("first", "second", "first"):
        loads(runner, folder, make_summary_file(slug=slug))
    assert held().slug == "first"
    assert old_slugs() == {"second": held().id}


def test_a_new_summary_may_take_an_old_address(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file("a", slug="first"))
    loads(runner, folder, make_summary_file("a", slug="second"))
    loads(runner, folder, make_summary_file("b", slug="first"))
    assert (held("a").slug, held("b").slug) == ("second", "first")
    assert old_slugs() == {}


def change_on_the_site() -> None:
    held().title = "Changed on the site"
    db.session.commit()


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
    assert [summary.key for summary in queries.every_summary()] == ["good"]


def test_every_field_arrives_in_the_database(folder: Path, runner: FlaskCliRunner) -> None:
    study = {"published": "2024-03", "participants": 12, "notice": {"kind": "retraction", "issued": "2025"}}
    categories = ["pain", "hand-and-arm-use"]
    file = make_summary_file(study=study, title="Retracted: arm training", categories=categories, draft=True)
    loads(runner, folder, file)
    summary = held()
    assert [category.slug for category in summary.categories] == categories
    assert summary.is_draft
    assert db.session.scalar(db.select(Summary.id).where(Summary.is_public())) is None
    assert summary.study.published
    assert summary.study.published.words == "March 2024"
    assert summary.study.is_retracted
    assert summary.study.evidence.level is None
    assert summary.loaded_digest


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
    assert "Grasp" in str(rows(app)["summary_search"]), "the search knows the new name"


def test_files_left_out_stay_on_the_site(folder: Path, runner: FlaskCliRunner) -> None:
    loads(runner, folder, make_summary_file("a"))
    (folder / "a.md").unlink()
    loads(runner, folder, make_summary_file("b"))
    assert [summary.key for summary in queries.every_summary()] == ["a", "b"]
