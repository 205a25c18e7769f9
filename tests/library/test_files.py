"""A summary file is read with every fault named, and written so that reading it gives the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.factories import make_summary_file, make_text
from webapp.documents.schema import SummaryContent, canonical
from webapp.library.diagnostics import Diagnostic, Reading
from webapp.library.files import read, read_text, write

TEXT = make_text(
    study={"published": "2024-03", "pictogram": {"count": 4, "of": 9, "words": "felt more"}},
    limitations=["Few people took part.", "They knew what they got."],
    harms="Two people had sore arms.",
)


def reading_of(text: str) -> Reading:
    return read_text(text, "folder/file.md", "file")


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def only_fault(text: str) -> Diagnostic:
    reading = reading_of(text)
    assert reading.content is None
    assert len(reading.diagnostics) == 1, [str(fault) for fault in reading.diagnostics]
    assert reading.diagnostics[0].path == "folder/file.md"
    return reading.diagnostics[0]


def summary_of(text: str) -> SummaryContent:
    reading = reading_of(text)
    assert not reading.diagnostics, [str(fault) for fault in reading.diagnostics]
    assert isinstance(reading.content, SummaryContent)
    return reading.content


def written(reading: Reading) -> str:
    assert reading.content
    content = canonical(reading.content, reading.key)
    return write(reading.kind, content, version=reading.version, is_draft=reading.is_draft)


def test_a_fault_prints_file_line_field_problem_and_remedy() -> None:
    fault = Diagnostic("a.md", 7, "title", "is missing", "Add it")
    assert str(fault) == "a.md:7: title: is missing. Add it"


@pytest.mark.parametrize(
    ("old", "new", "where", "problem", "remedy"),
    [
        ("author: A", "authr: x\nauthor: A", "authr", "is not a known field", "Did you mean `author`?"),
        (
            "  design: rct",
            "  design: rct\n  desing: x",
            "study.desing",
            "is not a known field",
            "Did you mean `design`?",
        ),
        ("      seen: ", "      sen: x\n      seen: ", "study.sources.0.sen", "known field", "Did you mean `seen`?"),
        ("    of: 9", "    of: 9\n    wods: x", "study.pictogram.wods", "known field", "Did you mean `words`?"),
        ("author: A", "doi: x\nauthor: A", "doi", "known field", "Did you mean `doi`? It stands under `study:`"),
        (
            "  design: rct",
            "  design: rct\n  reviewer: x",
            "study.reviewer",
            "known field",
            "Did you mean `reviewer`? It stands beside `study:`, not in it",
        ),
        ("author: A", "zzzzzz: x\nauthor: A", "zzzzzz", "is not a known field", "Take it out"),
        ("design: rct", "design: Opinion", "study.design", "cannot be 'Opinion'", "Use one of: systematic_review, rct"),
        ("design: rct", "design: [rct]", "study.design", "cannot be ['rct']", "Use one of: "),
        ("  design: rct", "  trial_phase: Phase I\n  design: rct", "study.trial_phase", "Phase I", "Write the phase"),
        ("published: 2024-03", "published: 2024-00", "study.published", "cannot be '2024-00'", "Leave out the month"),
        ("published: 2024-03", "published: 2024-02-30", "study.published", "'2024-02-30'", "not a day in the calendar"),
        ("published: 2024-03", "published: March", "study.published", "cannot be 'March'", "Write a year (2024)"),
        ("\ndate: 2026-01-15", "\ndate: 2026-13-45", "date", "valid date", "Found '2026-13-45'"),
        ("participants: 40", "participants: many", "study.participants", "valid integer", "Found 'many'"),
        ("participants: 40", "participants: 0", "study.participants", "greater than or equal to 1", "Found 0"),
        ("count: 4", "count: 10", "study.pictogram", "cannot be", "`count` is at most `of`"),
        ("  design: rct", "  doi: doi.org/x\n  design: rct", "study.doi", "pattern", "Found 'doi.org/x'"),
        ("  design: rct", "  pmid: PMC1\n  design: rct", "study.pmid", "pattern", "Found 'PMC1'"),
        ("author: A", "slug: Two Words\nauthor: A", "slug", "pattern", "Found 'Two Words'"),
        ("author: A Writer", "author: ''", "author", "at least 1 character", "Found ''"),
        ("  - hand-and-arm-use", "  - Hand use", "categories.0", "pattern", "Found 'Hand use'"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_remedy(
    old: str, new: str, where: str, problem: str, remedy: str
) -> None:
    text = changed(old, new)
    fault = only_fault(text)
    assert fault.field == where
    name = "pictogram" if where == "study.pictogram" else where.removesuffix(".0").split(".")[-1]
    line = line_with(text, f"{name}:") + (where == "categories.0")
    assert fault.line == line
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize("name", ["title", "description", "date", "lastmod", "author", "rests_on"])
def test_a_missing_field_is_named(name: str) -> None:
    whole = next(line for line in TEXT.split("\n") if line.startswith(f"{name}:"))
    fault = only_fault(TEXT.replace(f"\n{whole}\n", "\n", 1))
    assert (fault.line, fault.field, fault.problem) == (2, name, "is missing")
    assert fault.remedy == f"Add a line `{name}:` with its value"


def test_a_field_without_a_value_is_missing() -> None:
    assert only_fault(changed("author: A Writer", "author:")).problem == "is missing"


def test_a_field_missing_inside_study_is_told_at_its_place() -> None:
    text = changed("  population: people with a neck injury\n", "")
    fault = only_fault(text)
    assert (fault.field, fault.problem) == ("study.population", "is missing")
    assert fault.line == line_with(text, "study:")


def test_all_faults_of_a_file_are_named_at_once() -> None:
    text = changed("design: rct", "design: x").replace("author: A Writer", "author: ''").replace("## Harms", "## Hams")
    assert {fault.field for fault in reading_of(text).diagnostics} == {"study.design", "author", "Hams"}


@pytest.mark.parametrize(
    ("old", "new", "problem", "remedy"),
    [
        ("author: A", "author: A: B", "mapping values are not allowed", "Put the value in double quotes"),
        ("author: A", "author: @A", "cannot start any token", "Put the value in double quotes"),
        ("author: A", "\tauthor: A", "a tab character", "Use spaces instead of tabs"),
        ("author: A", "author: [A", "expected ',' or ']'", "Put the value in double quotes"),
        ("author: A", "author: B\nauthor: A", 'found duplicate key "author"', "Keep one of the two"),
        ("author: A", "author: *A", "an alias (*A) is not understood", "Put the value in double quotes"),
    ],
)
def test_a_yaml_mistake_is_told_with_its_line(old: str, new: str, problem: str, remedy: str) -> None:
    text = changed(old, new)
    fault = only_fault(text)
    assert fault.field == "front matter"
    assert "is not valid YAML" in fault.problem
    assert problem in fault.problem
    assert fault.remedy == remedy
    last = max(number for number, line in enumerate(text.split("\n"), 1) if "author:" in line)
    assert fault.line in {last, last + 1}  # an open bracket is noticed on the line after it


@pytest.mark.parametrize(
    "text", ["", "Only words.\n", "title: x\n---\n", TEXT.replace("---\n\n## Simple", "\n## Simple")]
)
def test_a_file_without_front_matter_is_told_so(text: str) -> None:
    fault = only_fault(text)
    assert (fault.line, fault.field, fault.problem) == (1, "front matter", "is missing")


@pytest.mark.parametrize("front", ["", "- a\n- b\n", "words\n"])
def test_front_matter_without_fields_is_told_so(front: str) -> None:
    fault = reading_of(f"---\n{front}---\n" + TEXT.split("---\n")[2]).diagnostics
    assert [(f.line, f.field, f.problem) for f in fault] == [(2, "front matter", "has no fields")]


@pytest.mark.parametrize(
    "heading",
    ["Simple Explanation", "Key Findings", "Practical Implications", "Study Limitations", "Research Summary"],
)
def test_a_missing_section_is_named(heading: str) -> None:
    before, _, rest = TEXT.partition(f"## {heading}\n")
    text = before + rest[rest.index("\n## ") + 1 :] if "\n## " in rest else before.rstrip("\n") + "\n"
    fault = only_fault(text)
    assert (fault.field, fault.problem, fault.remedy) == (heading, "is missing", f"Add a section `## {heading}`")
    assert fault.line == len(text.split("\n"))


def test_harms_may_be_left_out() -> None:
    before, _, rest = TEXT.partition("## Harms\n")
    assert summary_of(before + rest[rest.index("## ") :]).harms is None


def test_a_misspelled_heading_is_told_which_was_meant() -> None:
    text = changed("## Harms", "## Harm")
    fault = only_fault(text)
    assert (fault.line, fault.field) == (line_with(text, "## Harm"), "Harm")
    assert fault.remedy == "Did you mean Harms?"


def test_an_unknown_heading_is_told_the_known_ones() -> None:
    text = changed("## Harms", "## Zebra")
    assert only_fault(text).remedy == (
        "Use: Simple Explanation, Key Findings, Harms, Practical Implications, Study Limitations, Research Summary"
    )


def test_a_section_that_stands_twice_is_told_at_its_second_place() -> None:
    text = TEXT + "\n## Harms\n\nMore.\n"
    fault = only_fault(text)
    assert (fault.field, fault.problem) == ("Harms", "stands twice")
    assert fault.line == len(text.split("\n")) - 3


@pytest.mark.parametrize(
    ("heading", "after"),
    [
        ("Simple Explanation", "## Key Findings"),
        ("Key Findings", "## Harms"),
        ("Practical Implications", "## Study Limitations"),
    ],
)
def test_an_empty_section_is_told_at_its_heading(heading: str, after: str) -> None:
    start, _, rest = TEXT.partition(f"## {heading}\n")
    text = f"{start}## {heading}\n\n{rest[rest.index(after) :]}"
    fault = only_fault(text)
    assert (fault.field, fault.line) == (heading, line_with(text, f"## {heading}"))
    assert "at least 1" in fault.problem


@pytest.mark.parametrize("words", ["Words that would be lost.", "# A title", "- a point"])
def test_text_before_the_first_section_is_not_lost_silently(words: str) -> None:
    text = changed("## Simple Explanation", f"{words}\n\n## Simple Explanation")
    fault = only_fault(text)
    assert (fault.line, fault.problem) == (line_with(text, words), "stands before the first section")


@pytest.mark.parametrize("words", ["Loose words.", "- a bullet"])
def test_text_outside_a_numbered_list_is_told(words: str) -> None:
    text = changed("## Study Limitations\n\n", f"## Study Limitations\n\n{words}\n\n")
    fault = only_fault(text)
    assert (fault.line, fault.field) == (line_with(text, words), "Study Limitations")
    assert (fault.problem, fault.remedy) == ("has text outside its numbered list", "Start the line with `1. `")


def test_text_before_the_first_implication_is_told() -> None:
    text = changed("### Ask your team", "Loose words.\n\n### Ask your team")
    fault = only_fault(text)
    assert (fault.line, fault.field) == (line_with(text, "Loose"), "Practical Implications")
    assert fault.problem == "has text before its first title"


def test_an_implication_without_text_is_told() -> None:
    text = changed("### Ask your team", "### Alone\n\n### Ask your team")
    fault = only_fault(text)
    assert (fault.line, fault.problem) == (line_with(text, "### Alone"), "“Alone” has no text")


@pytest.mark.parametrize("character", ["\x00", "\x02", "\x1b", "\x7f"])
@pytest.mark.parametrize("place", ["author: A", "Chance made"])
def test_a_control_character_is_told_with_its_line(character: str, place: str) -> None:
    text = changed(place, place + character)
    fault = only_fault(text)
    assert (fault.line, fault.field) == (line_with(text, place), "file")
    assert "control character" in fault.problem


@pytest.mark.parametrize("key", ["Upper-Case", "two words", "a--b", "x" * 71])
def test_a_file_name_that_cannot_name_a_summary_is_told(key: str) -> None:
    (fault,) = read_text(TEXT, "a.md", key).diagnostics
    assert (fault.field, fault.line) == ("file name", 1)
    assert "lower-case words, digits and hyphens" in fault.remedy


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "file.md").write_bytes(TEXT.replace("A Writer", "Andr\xe9").encode("latin-1"))
    (fault,) = read(tmp_path / "file.md").diagnostics
    assert (fault.line, fault.problem, fault.remedy) == (1, "is not UTF-8 text", "Save it as UTF-8")


@pytest.mark.parametrize("name", ["missing.md", "."])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    (fault,) = read(tmp_path / name).diagnostics
    assert (fault.line, fault.field) == (1, "file")
    assert fault.problem.startswith("cannot be read: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "arm-training.md"
    path.write_bytes(TEXT.replace("\n", newline).encode(encoding))
    reading = read(path)
    assert not reading.diagnostics
    assert written(reading) == TEXT
    assert written(reading_of(("\ufeff" if encoding != "utf-8" else "") + TEXT.replace("\n", newline))) == TEXT


def test_what_was_written_reads_and_writes_the_same() -> None:
    assert written(reading_of(TEXT)) == TEXT


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "2024"},
        {"title": "yes: no # not a comment"},
        {"title": "'quoted' \"twice\" “and” – so on…"},
        {"title": "- a hyphen first"},
        {"description": "long " * 1500},
        {"rests_on": "Two.\n\nParagraphs."},
        {"draft": True, "support_note": True, "exception": "A reason.", "related": ["another"], "slug": "own-address"},
        {"related": [{"summary": "another", "adds": "More people."}, "third"]},
        {"study": {"published": "2024"}},
        {"study": {"published": "2024-03-06", "citation": "2024-02-30", "pmid": "0012", "journal": "1984"}},
        {"study": {"title": "2024-03-06", "trial_phase": "1/2", "authors": ["null", "True", "0x1F", "1e3"]}},
        {"study": {"notice": {"kind": "retraction", "issued": "2022-09", "url": "https://example.org/a?b=c#d"}}},
        {"simple_explanation": "First:\n- one\n- two\n\nLast."},
        {"key_findings": ["One.\n\nIts second paragraph.", "Two:\n- a\n- b"]},
        {"key_findings": [f"Finding {number}.\n\nMore." for number in range(12)]},
        {"limitations": [], "exception": "A reason."},
        {"implications": [{"title": "A **bold** title", "text": "One.\n\n- two\n- three"}]},
    ],
)
def test_every_value_survives_writing_and_reading(changes: dict[str, Any]) -> None:
    file = make_summary_file("file", **changes)
    assert summary_of(file.text) == file.content
    assert written(reading_of(file.text)) == file.text


def test_lines_of_a_paragraph_are_joined_and_points_of_a_list_are_kept() -> None:
    text = changed("They got a bit stronger.", "They got\na bit\nstronger:\n- arms\n- hands\n  too")
    assert summary_of(text).simple_explanation.endswith("They got a bit stronger:\n- arms\n- hands too")


def test_a_point_below_a_finding_belongs_to_it() -> None:
    text = changed("1. Arms got a bit stronger.", "1. Arms got stronger:\n   - left\n   - right")
    assert [finding.text for finding in summary_of(text).key_findings] == [
        "Arms got stronger:\n- left\n- right",
        "Nobody was hurt.",
    ]


def test_fields_left_empty_are_not_written() -> None:
    for name in ("reviewer", "draft", "related", "exception", "doi", "notice"):
        assert f"{name}:" not in TEXT


def test_a_value_that_stands_twice_is_written_twice() -> None:
    day = dt.date(2026, 3, 6)
    text = make_text(date=day, lastmod=day)
    assert "&" not in text
    assert text.count("2026-03-06") == 2
