"""Everything can leave, and come back the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import STARTER, Forward, site_on
from tests.factories import (
    make_categories,
    make_document,
    make_documents,
    make_page_file,
    make_summary,
    make_summary_file,
    make_terms,
    summary_named,
)
from webapp.documents.actions import publish, publish_due, save_revision, schedule, unpublish
from webapp.documents.queries import document_named, newest_revision
from webapp.documents.schema import canonical
from webapp.extensions import db
from webapp.library.files import read
from webapp.models import Document, Revision

PAGES = len(list((STARTER / "pages").glob("*.md")))
"""Documents that every site has from the start."""


def files_in(folder: Path) -> dict[str, bytes]:
    wanted = [*folder.rglob("*.md"), *folder.rglob("*.yml")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in wanted}


def run(app: Flask, *arguments: object) -> str:
    outcome = app.test_cli_runner().invoke(args=["library", *map(str, arguments)])
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_the_shipped_files_are_their_own_export_byte_for_byte(shipped_app: Flask, tmp_path: Path) -> None:
    told = run(shipped_app, "export", tmp_path / "out")
    shipped, exported = files_in(STARTER), files_in(tmp_path / "out")
    assert shipped.keys() == exported.keys()
    for name, content in shipped.items():
        assert exported[name] == content, name
    assert f"{len(shipped) - 2} documents written" in told


ODD = "\"A\": 'b' # {c} [d](e) <f> & *g* \\u0001 %h @i `j` | k > l - m\u00a0n\u200d🙂\ufeff ß --- ..."
LOOKS = [
    "null",
    "true",
    "~",
    "1e3",
    "0x1F",
    "007",
    "12:30",
    "2024-03-06",
    "<<",
    "*a",
    "&a",
    "!b",
    "- c",
    "? d",
    "'",
    '"',
]
"""What YAML would take for something else."""


@pytest.fixture
def odd_site(app: Flask) -> Flask:
    """A site with what is easily lost on the way."""
    make_categories("pain", "hand-and-arm-use")
    make_terms(spasticity="Tight muscles: they 'jump'.", **{"AIS A": "The most severe grade."})
    categories = ["hand-and-arm-use", "pain"]
    make_documents(make_summary_file("a", slug="own-address", categories=categories, draft=True, support_note=True))
    make_summary("b", related=["a"], reviewer="B", limitations=[], exception="No “limits”: why?", harms="None.")
    notice = {"kind": "correction", "issued": "2024-02-29", "url": "https://example.org/a", "reasons": ["One: two"]}
    pictogram = {"count": 0, "of": 9, "words": "people"}
    make_summary("c", study={"published": "2024", "notice": notice, "pictogram": pictogram, "authors": ["Ö. Ñ"]})
    make_summary("d", simple_explanation="Two:\n- one\n- two", key_findings=["A.\n\nB."])
    make_summary(
        "e",
        title=ODD,
        author=ODD,
        rests_on=f"{ODD}\n\n{ODD}",
        study={"title": ODD, "authors": LOOKS, "journal": "1.10"},
    )
    make_summary("f", simple_explanation=ODD, key_findings=[ODD, "x"], implications=[{"title": ODD, "text": ODD}])
    newer = document_named("summary", "b")
    assert newer
    half = {"title": ODD, "description": "Half a", "study": {"doi": "none yet"}, "key_findings": ["One."], "slug": "b"}
    save_revision(newer, half, by="Ada", base=1)
    fresh = Document(kind="topic", key="pain", language="en")
    save_revision(fresh, {"title": "Pain", "lastmod": "soon", "statements": [{"certainty": "low"}]}, by="Ada")
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    make_documents(make_summary_file("g", date=tomorrow), make_page_file("news", text="## One\n\n- a\n\nTwo."))
    return app


def test_export_load_into_an_empty_site_and_export_again_gives_the_same_bytes(
    odd_site: Flask, empty_instance: Path, tmp_path: Path
) -> None:
    run(odd_site, "export", tmp_path / "first")
    db.session.remove()
    other = site_on(empty_instance, tmp_path / "other")
    with other.app_context():
        assert "9 added, 1 updated, 7 unchanged" in run(other, "load", tmp_path / "first")
        run(other, "export", tmp_path / "second")
    first = files_in(tmp_path / "first")
    assert len(first) == 12 + PAGES
    assert files_in(tmp_path / "second") == first


def test_an_export_loads_back_as_unchanged(odd_site: Flask, tmp_path: Path) -> None:
    run(odd_site, "export", tmp_path / "out")
    told = run(odd_site, "load", tmp_path / "out")
    assert f"0 added, 0 updated, {10 + PAGES} unchanged; 0 categories and 0 glossary terms changed." in told


def test_a_change_made_on_the_site_leaves_with_the_export(app: Flask, tmp_path: Path) -> None:
    make_categories()
    document = make_document(make_summary_file("a"))
    newest = newest_revision(document)
    assert newest
    content = newest.content | {"title": "Changed on the site"}
    revision = save_revision(document, content, by="Ada", base=newest.number, version=1)
    run(app, "export", tmp_path / "draft")
    assert "title: Arm" in (tmp_path / "draft" / "summaries" / "a.md").read_text(encoding="utf-8")
    assert "draft: true\ntitle: Changed" in (tmp_path / "draft/drafts/summaries/a.md").read_text(encoding="utf-8")
    document, revision = db.session.get_one(Document, document.id), db.session.get_one(Revision, revision.id)
    publish(document, revision)
    run(app, "export", tmp_path / "public")
    assert "title: Changed on the site\n" in (tmp_path / "public" / "summaries" / "a.md").read_text(encoding="utf-8")
    assert not (tmp_path / "public" / "drafts").exists()


def test_an_empty_site_exports_empty_lists(app: Flask, tmp_path: Path, runner: FlaskCliRunner) -> None:
    outcome = runner.invoke(args=["library", "export", str(tmp_path / "out")])
    assert outcome.exit_code == 0
    assert f"{PAGES} documents written" in outcome.output
    written = files_in(tmp_path / "out")
    assert (written["categories.yml"], written["glossary.yml"]) == (b"[]\n", b"[]\n")
    assert len(written) == PAGES + 2


def test_a_folder_that_holds_an_older_export_is_refused(app: Flask, tmp_path: Path) -> None:
    """What was taken down since would come back with it."""
    make_categories()
    document = make_document(make_summary_file())
    run(app, "export", tmp_path / "out")
    unpublish(db.session.get_one(Document, document.id), "Gone.")
    outcome = app.test_cli_runner().invoke(args=["library", "export", str(tmp_path / "out")])
    assert outcome.exit_code == 1
    assert "holds files already. Take an empty or a new folder." in outcome.stderr
    run(app, "export", tmp_path / "new")
    assert not (tmp_path / "new" / "summaries").exists()


def test_what_is_scheduled_comes_back_with_its_time_whenever_it_is_loaded(
    app: Flask, empty_instance: Path, tmp_path: Path, forward: Forward
) -> None:
    make_categories()
    document = make_document(make_summary_file())
    revision = save_revision(
        document, canonical(make_summary_file(title="To come").content, document.key), by="Ada", base=1, version=1
    )
    at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=3)
    schedule(document, revision, at)
    run(app, "export", tmp_path / "out")
    db.session.remove()
    other = site_on(empty_instance, tmp_path / "other")
    for days in (0, 9):
        forward(dt.timedelta(days=days))
        with other.app_context():
            run(other, "load", tmp_path / "out")
            copy = document_named("summary", document.key)
            assert copy
            assert copy.go_live_at == at
    with other.app_context():
        assert publish_due() == 1
        assert summary_named("arm-training").title == "To come"


def test_a_text_published_before_its_day_is_public_in_the_copy_too(app: Flask, tmp_path: Path) -> None:
    make_categories()
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    document = Document(kind="summary", key="early", language="en")
    content = canonical(make_summary_file("early", date=tomorrow).content, "early")
    publish(document, save_revision(document, content, by="Ada", version=1))
    run(app, "export", tmp_path / "out")
    (reading,) = [read(path) for path in (tmp_path / "out" / "summaries").iterdir()]
    assert reading.content
    assert reading.content.date == dt.datetime.now(dt.UTC).date()


@pytest.mark.parametrize(
    "typed",
    [
        {"key_findings": "No list yet"},
        {"implications": "No titles yet"},
        {"implications": [{"title": "Alone"}, "loose"]},
        {"title": 5, "study": "none", "lastmod": True, "categories": "pain"},
        {"schema": 7, "draft": False, "kind": "page", "title": "Reserved names"},
        {"simple_explanation": ""},
        {},
    ],
)
def test_no_draft_however_odd_keeps_an_export_from_loading(app: Flask, tmp_path: Path, typed: dict[str, Any]) -> None:
    save_revision(Document(kind="summary", key="odd", language="en"), typed, by="Ada")
    run(app, "export", tmp_path / "out")
    assert "unchanged" in run(app, "load", "--overwrite", tmp_path / "out")
