"""What makes files unfit to publish, beyond their schema, is named for all files at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.factories import File, make_categories, make_summary, make_summary_file, make_text, public_keys, write_files
from webapp.extensions import db
from webapp.library.checking import LibraryError, check_library
from webapp.library.diagnostics import Diagnostic

HARD = "Multidisciplinary rehabilitation interventions necessitate neurophysiological characterisation."
LONG = " ".join(["Go", *["on"] * 25]) + "."
CATEGORIES = "- name: Topics\n  categories:\n    - slug: bowel\n      name: Bowel\n      description: Bowel care.\n"


@pytest.fixture(autouse=True)
def _categories(app: Flask) -> None:
    make_categories("hand-and-arm-use", "pain")


def faults_of(folder: Path, *files: File) -> list[Diagnostic]:
    write_files(folder, *files)
    try:
        check_library([folder])
    except LibraryError as error:
        return error.diagnostics
    return []


def line_in(path: str, words: str) -> int:
    return next(n for n, line in enumerate(Path(path).read_text().split("\n"), 1) if words in line)


def test_a_good_file_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, make_summary_file()) == []


def test_all_faults_of_all_files_are_named_at_once_in_order(tmp_path: Path) -> None:
    (tmp_path / "glossary.yml").write_text("- term: A\n")
    (tmp_path / "d-broken.md").write_text("no front matter")
    found = faults_of(
        tmp_path,
        make_summary_file("a", simple_explanation=HARD, limitations=[], categories=["pani"]),
        make_summary_file("b", related=["nobody"]),
        make_summary_file("c"),
    )
    assert [(Path(fault.path).name, fault.field) for fault in found] == [
        ("a.md", "categories"),
        ("a.md", "Simple Explanation"),
        ("a.md", "Study Limitations"),
        ("b.md", "related"),
        ("d-broken.md", "front matter"),
        ("glossary.yml", "definition"),
    ]


def test_a_simple_explanation_above_grade_8_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_summary_file(simple_explanation=HARD))
    assert fault.field == "Simple Explanation"
    assert fault.line == line_in(fault.path, "## Simple Explanation")
    assert fault.problem.startswith("has reading grade ")
    assert fault.problem.endswith(", above 8")


@pytest.mark.parametrize(("grade", "faults"), [(8.0, 0), (8.1, 1)])
def test_grade_8_itself_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grade: float, faults: int) -> None:
    monkeypatch.setattr("webapp.documents.checking.readability.grade", lambda _: grade)
    assert len(faults_of(tmp_path, make_summary_file())) == faults


def test_other_sections_may_be_harder(tmp_path: Path) -> None:
    assert faults_of(tmp_path, make_summary_file(research_summary=HARD)) == []


def test_a_summary_without_a_limitation_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_summary_file(limitations=[]))
    assert (fault.field, fault.problem) == ("Study Limitations", "names no limitation")
    assert fault.line == line_in(fault.path, "## Study Limitations")


def test_a_written_exception_lifts_the_grade_and_the_limitation(tmp_path: Path) -> None:
    file = make_summary_file(simple_explanation=HARD, limitations=[], exception="Asked for by a reader.")
    assert faults_of(tmp_path, file) == []


@pytest.mark.parametrize(
    ("changes", "field", "at"),
    [
        ({"description": LONG}, "description", "description:"),
        ({"simple_explanation": LONG}, "Simple Explanation", "## Simple"),
        ({"key_findings": ["Short.", LONG]}, "Key Findings", "## Key"),
        ({"research_summary": LONG}, "Research Summary", "## Research"),
        ({"implications": [{"title": "Title", "text": LONG}]}, "Practical Implications", "## Practical"),
        ({"limitations": [LONG]}, "Study Limitations", "## Study Lim"),
        ({"harms": LONG}, "Harms", "## Harms"),
    ],
)
def test_a_long_sentence_is_a_fault_in_every_section(
    tmp_path: Path, changes: dict[str, Any], field: str, at: str
) -> None:
    # An exception answers for the grade only.
    (fault,) = faults_of(tmp_path, make_summary_file(exception="A reason.", **changes))
    assert (fault.field, fault.line) == (field, line_in(fault.path, at))
    assert fault.problem == "has a sentence of 26 words: “Go on on on on on on on …”"
    assert fault.remedy == "Split it; at most 25 words"


@pytest.mark.parametrize(("kind", "faults"), [("retraction", 1), ("correction", 0)])
def test_the_title_of_a_retracted_paper_has_to_say_so(tmp_path: Path, kind: str, faults: int) -> None:
    study = {"notice": {"kind": kind}}
    found = faults_of(tmp_path, make_summary_file(exception="A reason.", study=study))
    assert [fault.problem for fault in found] == ["does not say that the paper was withdrawn"] * faults
    assert [fault.line for fault in found] == [2] * faults
    assert faults_of(tmp_path, make_summary_file(title="Retracted: arm training", study=study)) == []


def test_an_unknown_category_is_a_fault_that_lists_the_known_ones(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_summary_file(categories=["pain", "pani"]))
    assert (fault.field, fault.problem) == ("categories", "“pani” is not a category")
    assert fault.line == line_in(fault.path, "categories:")
    assert fault.remedy == "Use one of: hand-and-arm-use, pain"


def test_a_category_of_the_same_load_is_known(tmp_path: Path) -> None:
    (tmp_path / "categories.yml").write_text(CATEGORIES)
    assert faults_of(tmp_path, make_summary_file(categories=["bowel", "pain"])) == []


def test_a_category_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_summary_file(categories=["pain", "pain"]))
    assert (fault.field, fault.problem) == ("categories", "“pain” stands twice")


def test_an_unknown_related_summary_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, make_summary_file(related=["nobody"]))
    assert (fault.field, fault.problem) == ("related", "“nobody” is not a summary")
    assert fault.line == line_in(fault.path, "related:")


def test_a_related_summary_may_be_on_the_site_or_among_the_files(tmp_path: Path) -> None:
    make_summary("held")
    assert faults_of(tmp_path, make_summary_file("a", related=["b", "held"]), make_summary_file("b")) == []


def test_two_files_with_one_address_are_a_fault(tmp_path: Path) -> None:
    same = {"title": "One title"}
    (fault,) = faults_of(tmp_path, make_summary_file("a", study=same), make_summary_file("b", study=same))
    assert (Path(fault.path).name, fault.field) == ("b.md", "slug")
    assert fault.problem == "is one-title, which a has already"
    assert fault.remedy == "Write another `slug:`"


def test_an_address_that_a_summary_of_the_site_has_is_a_fault(tmp_path: Path) -> None:
    held = make_summary("held")
    (fault,) = faults_of(tmp_path, make_summary_file("new", slug=held.slug))
    assert fault.problem == f"is {held.slug}, which held has already"
    assert fault.line == line_in(fault.path, "slug:")


def test_two_files_of_one_paper_are_a_fault_and_so_is_one_of_a_paper_the_site_has(tmp_path: Path) -> None:
    paper = {"doi": "10.1000/1"}
    make_summary("held", study=paper)
    assert faults_of(tmp_path, make_summary_file("held", study=paper)) == []
    found = faults_of(tmp_path, make_summary_file("new", study=paper), make_summary_file("newer", study=paper))
    assert [(Path(fault.path).stem, fault.field) for fault in found] == [("new", "study.doi"), ("newer", "study.doi")]
    assert found[0].problem == "is that of held: one paper has one summary"
    assert found[0].line == line_in(found[0].path, "study:")


def test_a_file_name_used_in_two_folders_is_a_fault(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_files(tmp_path / name, make_summary_file())
    (fault,) = faults_of(tmp_path)
    assert (fault.path, fault.field) == (str(tmp_path / "two" / "arm-training.md"), "file name")


@pytest.mark.parametrize(
    ("name", "text", "at", "problem"),
    [
        ("categories.yml", CATEGORIES.replace("name: Bowel", "nam: Bowel"), (4, "categories.0.nam"), "known field"),
        ("categories.yml", CATEGORIES + CATEGORIES.replace("Topics", "More"), (8, "categories.0.slug"), "bowel, which"),
        ("categories.yml", "words", (1, "file"), "is not a list"),
        ("categories.yml", "- name: A: B\n", (1, "file"), "is not valid YAML"),
        ("categories.yml", "- name: A\n  x: \x07\n", (2, "file"), "control character"),
        ("glossary.yml", "- term: A\n  definition: B\n- term: 2024-13-45\n", (3, "definition"), "is missing"),
        (
            "glossary.yml",
            "- term: AIS A\n  definition: B\n- term: ais-a\n  definition: B\n",
            (3, "term"),
            "ais-a, which",
        ),
        ("glossary.yml", "", (1, "file"), "is not a list"),
    ],
)
def test_a_fault_in_a_list_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, at: tuple[int, str], problem: str
) -> None:
    (tmp_path / name).write_text(text)
    found = [fault for fault in faults_of(tmp_path) if problem in fault.problem]
    assert [(fault.path, fault.line, fault.field) for fault in found] == [(str(tmp_path / name), *at)]


def test_a_list_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "glossary.yml").write_bytes(b"- term: Andr\xe9\n")
    (fault,) = faults_of(tmp_path)
    assert (fault.line, fault.problem, fault.remedy) == (1, "is not UTF-8 text", "Save it as UTF-8")


def test_the_command_says_that_nothing_is_wrong(tmp_path: Path, runner: FlaskCliRunner) -> None:
    write_files(tmp_path, make_summary_file("a"), make_summary_file("b"))
    outcome = runner.invoke(args=["library", "check", str(tmp_path)])
    assert outcome.exit_code == 0
    assert "No fault found in 2 documents." in outcome.output


def test_the_command_prints_every_fault_and_ends_with_status_1(tmp_path: Path, runner: FlaskCliRunner) -> None:
    (tmp_path / "a.md").write_text(make_text("a", limitations=[]).replace("author: A", "author: A: B"))
    write_files(tmp_path, make_summary_file("b", limitations=[], categories=["pani"]))
    outcome = runner.invoke(args=["library", "check", str(tmp_path)])
    assert outcome.exit_code == 1
    lines = outcome.stderr.splitlines()
    assert [line.partition(": ")[0] for line in lines[:3]] == [
        f"{tmp_path}/a.md:6",
        f"{tmp_path}/b.md:7",
        f"{tmp_path}/b.md:{line_in(str(tmp_path / 'b.md'), '## Study')}",
    ]
    assert lines[3:] == ["Error: 3 faults in 2 files. Nothing was loaded."]


def test_checking_changes_nothing(tmp_path: Path, runner: FlaskCliRunner) -> None:
    write_files(tmp_path, make_summary_file())
    assert runner.invoke(args=["library", "check", str(tmp_path)]).exit_code == 0
    db.session.rollback()
    assert public_keys() == []
