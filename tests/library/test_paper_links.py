"""The two files for Europe PMC: in the shape its documentation asks for, with public summaries alone."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from flask import Flask
from lxml import etree

from tests.factories import make_categories, make_documents, make_summary, make_summary_file, summary_named
from webapp.documents.actions import unpublish
from webapp.documents.queries import document_named
from webapp.extensions import db
from webapp.library import paper_links, queries
from webapp.library.queries import Paper

RULES = etree.XMLSchema(etree.parse(Path(__file__).with_name("labslink.xsd")))
SETTINGS = {"EUROPEPMC_PROVIDER": 4580, "OWNER_EMAIL": "owner@example.org"}


def run(app: Flask, folder: Path) -> str:
    outcome = app.test_cli_runner().invoke(args=["library", "links", str(folder)])
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def read(folder: Path) -> list[etree._Element]:
    """The links, after both files were held against the rules."""
    for name in (paper_links.PROFILE, paper_links.LINKS):
        RULES.assertValid(etree.parse(folder / name))
    assert {path.name for path in folder.iterdir()} == {paper_links.PROFILE, paper_links.LINKS}
    return list(etree.parse(folder / paper_links.LINKS).getroot())


@pytest.fixture
def site(app: Flask) -> Flask:
    app.config |= SETTINGS
    make_categories()
    return app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder"


def test_a_paper_is_named_by_its_number_else_by_its_doi(site: Flask, folder: Path) -> None:
    make_documents(
        make_summary_file("first", {"pmid": "23457605", "pmcid": "PMC12", "doi": "10.1234/a"}, title="Arms & <legs>"),
        make_summary_file("second", {"pmcid": "PMC3986813", "doi": "10.1234/b"}),
        make_summary_file("third", {"doi": "10.1016/s0140-6736(97)11096-0"}),
        make_summary_file("no-number"),
    )
    assert "3 links written" in run(site, folder)
    links = read(folder)
    assert [link.get("providerId") for link in links] == ["4580"] * 3
    assert [[part.text for part in link[1].iter() if part.text] for link in links] == [
        ["MED", "23457605"],
        ["PMC", "PMC3986813"],
        ["10.1016/s0140-6736(97)11096-0"],
    ]
    assert links[0].findtext("resource/title") == "Plain-language summary: Arms & <legs>"
    assert links[0].findtext("resource/url") == f"https://example.org/research/{summary_named('first').slug}"
    provider = etree.parse(folder / "profile.xml").find("provider")
    assert [part.text for part in provider][::3] == ["4580", "owner@example.org"]
    assert provider.findtext("resourceName") == "Spinal Cord Research Help"


def test_only_what_readers_see_is_linked_and_older_files_are_replaced(site: Flask, folder: Path) -> None:
    make_documents(
        make_summary_file("public", {"pmid": "1"}),
        make_summary_file("draft", {"pmid": "2"}, draft=True),
        make_summary_file("gone", {"pmid": "3"}),
    )
    run(site, folder)
    assert {link.findtext("record/id") for link in read(folder)} == {"1", "3"}
    gone = document_named("summary", "gone")
    assert gone
    unpublish(gone, "It was wrong.")
    run(site, folder)
    assert [link.findtext("record/id") for link in read(folder)] == ["1"]


def test_an_empty_site_writes_files_without_links(site: Flask, folder: Path) -> None:
    assert "0 links written" in run(site, folder)
    assert read(folder) == []


def test_no_text_breaks_the_files(site: Flask, folder: Path) -> None:
    summary = make_summary(study={"pmid": "1"})
    summary.title = "]]> </title><url>\x01\ufffe a\r\nb"
    db.session.commit()
    run(site, folder)
    assert read(folder)[0].findtext("resource/title") == "Plain-language summary: ]]> </title><url> a b"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_is_missing_is_named_and_nothing_is_written(site: Flask, folder: Path, name: str) -> None:
    site.config[name] = None
    outcome = site.test_cli_runner().invoke(args=["library", "links", str(folder)])
    assert outcome.exit_code == 1
    assert f"{name} is not set" in outcome.output
    assert not folder.parent.exists()


def test_every_shipped_paper_with_a_number_gets_a_link(
    shipped_app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setitem(shipped_app.config, name, value)
    assert "71 links written" in run(shipped_app, folder)
    assert len(read(folder)) == 71


def test_many_papers_take_no_more_memory(site: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = 20_000
    papers = (Paper(f"number-{number}", "A title", str(number), None, None) for number in range(many))
    monkeypatch.setattr(paper_links, "named_papers", lambda: papers)
    tracemalloc.start()
    assert paper_links.write_links(folder) == many
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000, most


def test_papers_are_read_some_at_a_time(site: Flask, statements: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    make_documents(*(make_summary_file(f"number-{number}", {"pmid": str(number + 1)}) for number in range(7)))
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    statements.clear()
    assert [paper.pmid for paper in queries.named_papers()] == [str(number + 1) for number in range(7)]
    assert len(statements) == 1
