"""Everything can leave, and come back the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import STARTER, make_app
from tests.factories import (
    make_categories,
    make_document,
    make_documents,
    make_page_file,
    make_summary,
    make_summary_file,
    make_terms,
)
from webapp.documents.actions import publish, save_revision
from webapp.documents.queries import document_named, newest_revision
from webapp.extensions import db
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
    odd_site: Flask, empty_database: Path, tmp_path: Path
) -> None:
    run(odd_site, "export", tmp_path / "first")
    db.session.remove()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "site.db").write_bytes(empty_database.read_bytes())
    other = make_app(tmp_path / "other")
    with other.app_context():
        assert "9 added, 1 updated, 5 unchanged" in run(other, "load", tmp_path / "first")
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
