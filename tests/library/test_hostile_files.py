"""Whatever stands in a file, checking it ends soon and says what is wrong, where, and what to do."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.factories import make_summary_file, make_text
from webapp.documents.fields import MAX_TEXT_LENGTH
from webapp.documents.schema import slug_of_title
from webapp.editorial import readability
from webapp.editorial.numbers import numbers_in, unsupported
from webapp.library.checking import LibraryError, check_library
from webapp.library.diagnostics import MAX_DIAGNOSTICS, Diagnostic
from webapp.library.files import read, read_text
from webapp.library.lists import TermSchema, read_list
from webapp.library.source import MAX_FILE_BYTES
from webapp.library.yaml import MAX_DEPTH, MAX_VALUES, parse

TEXT = make_text(
    slug="own-address",
    study={"published": "2024-03", "pictogram": {"count": 4, "of": 9, "words": "felt more"}, "doi": "10.1234/abc"},
)
GLOSSARY = "- term: Spasm\n  definition: A tight muscle.\n  also:\n    - Cramp\n"
CATEGORIES = "- name: Topics\n  categories:\n    - slug: pain\n      name: Pain\n      description: About pain.\n"
SLACK = 20
"""Seconds for one file. Two are promised; a busy machine may need longer."""


def changed(old: str, new: str, text: str = TEXT) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def faults_in(text: str) -> list[Diagnostic]:
    return read_text(text, "file.md", "file").diagnostics


def only_fault(text: str) -> Diagnostic:
    (fault,) = faults_in(text)
    return fault


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def faults_of_folder(folder: Path) -> list[Diagnostic]:
    with pytest.raises(LibraryError) as told:
        check_library([folder])
    return told.value.diagnostics


@pytest.mark.parametrize("escape", ["\\u0001", "\\0", "\\e", "\\x7f", "\\N", "\\L", "\\uFFFE", "\\U0001FFFF"])
@pytest.mark.parametrize(
    ("old", "field"),
    [
        ("title: Arm training was tried in 40 people", "title"),
        ("author: A Writer", "author"),
        ("slug: own-address", "slug"),
        ("  population: people with a neck injury", "study.population"),
        ("  doi: 10.1234/abc", "study.doi"),
        ("    words: felt more", "study.pictogram.words"),
        ("    - where: example.org", "study.sources.0.where"),
    ],
)
def test_a_character_nobody_can_see_is_refused_however_it_was_written(escape: str, old: str, field: str) -> None:
    name, _, value = old.partition(": ")
    text = changed(old, f'{name}: "{value}{escape}b"')
    fault = only_fault(text)
    assert (fault.line, fault.field) == (line_with(text, escape), field)
    assert "control character or one like it" in fault.problem
    assert "escape" in fault.remedy


def test_half_a_character_is_no_yaml() -> None:
    text = changed("author: A Writer", 'author: "A Writer\\ud800b"')
    fault = only_fault(text)
    assert (fault.line, fault.field) == (line_with(text, "ud800"), "front matter")
    assert "invalid Unicode character" in fault.problem


def test_a_name_of_a_field_is_held_to_the_same() -> None:
    assert "holds U+0001" in only_fault(changed("author: A Writer", '"auth\\u0001or": A Writer')).problem


@pytest.mark.parametrize("character", ["\x01", "\x7f", "\x80", "\x85", "\u2028", "\ud800", "\ufffe", "\U0010ffff"])
@pytest.mark.parametrize("place", ["author: A", "Chance made", "## Simple", "### Ask", "Few people"])
def test_a_character_nobody_can_see_is_refused_everywhere_in_the_file(character: str, place: str) -> None:
    text = changed(place, place + character)
    fault = only_fault(text)
    assert (fault.line, fault.field) == (line_with(text, place), "file")
    assert f"U+{ord(character):04X}" in fault.problem


@pytest.mark.parametrize("character", ["\\u0001", "\\uFFFE"])
@pytest.mark.parametrize(
    ("name", "text", "value", "field"),
    [
        ("glossary.yml", GLOSSARY, "term: Spasm", "0.term"),
        ("glossary.yml", GLOSSARY, "definition: A tight muscle.", "0.definition"),
        ("glossary.yml", GLOSSARY, "    - Cramp", "0.also.0"),
        ("categories.yml", CATEGORIES, "name: Topics", "0.name"),
        ("categories.yml", CATEGORIES, "description: About pain.", "0.categories.0.description"),
    ],
)
@pytest.mark.usefixtures("app")
def test_the_lists_are_held_to_the_same(  # noqa: PLR0917
    tmp_path: Path, character: str, name: str, text: str, value: str, field: str
) -> None:
    mark = ": " if ": " in value else "- "
    label, words = value.split(mark)
    hostile = changed(value, f'{label}{mark}"{words}{character}"', text)
    (tmp_path / name).write_text(hostile)
    (fault,) = faults_of_folder(tmp_path)
    assert (fault.field, fault.line) == (field, line_with(hostile, character))


LISTS = "[" * 40 + "]" * 40
WRONG_VALUES = {
    "true for a number": ("participants: 40", "participants: true", "study.participants", "valid integer"),
    "a number with a point": ("participants: 40", "participants: 40.0", "study.participants", "valid integer"),
    "a power": ("participants: 40", "participants: 4e1", "study.participants", "valid integer"),
    "infinity": ("participants: 40", "participants: .inf", "study.participants", "valid integer"),
    "no number": ("participants: 40", "participants: .nan", "study.participants", "valid integer"),
    "an octal": ("participants: 40", "participants: 0o50", "study.participants", "valid integer"),
    "an old octal": ("participants: 40", "participants: 050", "study.participants", "valid integer"),
    "a hexadecimal": ("participants: 40", "participants: 0x28", "study.participants", "valid integer"),
    "sixties": ("participants: 40", "participants: 1:30", "study.participants", "valid integer"),
    "underscores": ("participants: 40", "participants: 4_0", "study.participants", "valid integer"),
    "a quoted number": ("participants: 40", "participants: '40'", "study.participants", "valid integer"),
    "5,000 digits": ("participants: 40", f"participants: {'4' * 5000}", "study.participants", "valid integer"),
    "too many people": ("participants: 40", "participants: 99999999999", "study.participants", "less than or equal"),
    "true in a pictogram": ("count: 4", "count: true", "study.pictogram.count", "valid integer"),
    "true for a phase": ("  design: rct", "  design: rct\n  trial_phase: true", "study.trial_phase", "cannot be True"),
    "true for a title": ("title: Arm training was tried in 40 people", "title: true", "title", "valid string"),
    "true for a date": ("\ndate: 2026-01-15", "\ndate: true", "date", "cannot be True"),
    "seconds for a date": ("\ndate: 2026-01-15", "\ndate: 86400", "date", "cannot be 86400"),
    "quoted seconds": ("\ndate: 2026-01-15", "\ndate: '86400'", "date", "cannot be '86400'"),
    "a year for a date": ("\ndate: 2026-01-15", "\ndate: 2026", "date", "cannot be 2026"),
    "a time": ("\ndate: 2026-01-15", "\ndate: 2026-01-15 10:00:00", "date", "cannot be '2026-01-15 10:00:00'"),
    "the year 1": ("\ndate: 2026-01-15", "\ndate: 0001-01-15", "date", "cannot be"),
    "the year 9999": ("lastmod: 2026-01-15", "lastmod: 9999-12-31", "lastmod", "cannot be"),
    "no such day": ("\ndate: 2026-01-15", "\ndate: 2026-02-30", "date", "valid date"),
    "a paper of the year 0": ("published: 2024-03", "published: 0000", "study.published", "cannot be"),
    "a paper of the year 3000": ("published: 2024-03", "published: 3000", "study.published", "cannot be"),
    "a paper of true": ("published: 2024-03", "published: true", "study.published", "cannot be True"),
    "a giant": ("author: A Writer", f"author: {'x' * (MAX_TEXT_LENGTH + 1)}", "author", f"at most {MAX_TEXT_LENGTH}"),
    "a field for a text": ("author: A Writer", "author: {a: b}", "author", "valid string"),
    "an alias": ("author: A Writer", "author: &a A\nreviewer: *a", "front matter", "an anchor (&a)"),
    "an alias alone": ("author: A Writer", "author: *a", "front matter", "an alias (*a)"),
    "a tag": (
        "author: A Writer",
        "author: !!python/object/apply:os.system [ls]",
        "front matter",
        "a tag (tag:yaml.org,2002:python",
    ),
    "a tag of YAML": ("author: A Writer", "author: !!binary aGk=", "front matter", "a tag (tag:yaml.org,2002:binary"),
    "a set": ("author: A Writer", "author: !!set {a, b}", "front matter", "a tag (tag:yaml.org,2002:set"),
    "a merge key": ("author: A Writer", "author: A\n<<: {reviewer: B}", "front matter", "a merge key (<<)"),
    "a field twice": ("author: A Writer", "author: A\nauthor: B", "front matter", 'duplicate key "author"'),
    "a field twice in study": (
        "  design: rct",
        "  design: rct\n  design: rct",
        "front matter",
        'duplicate key "design"',
    ),
    "a list as a name": ("author: A Writer", "? [a, b]\n: c\nauthor: A", "front matter", "the name of a field"),
    "depth": ("author: A Writer", f"author: {LISTS}", "front matter", f"more than {MAX_DEPTH} deep"),
    "endless depth": ("author: A Writer", f"author: {'[{' * 5000}", "front matter", "maximum nesting depth"),
    "many values": (
        "author: A Writer",
        f"author: [{'1,' * (MAX_VALUES + 1)}]",
        "front matter",
        "more than 10,000 val",
    ),
}


@pytest.mark.parametrize("what", WRONG_VALUES)
def test_a_value_that_is_not_what_it_seems_is_refused_with_its_line(what: str) -> None:
    old, new, field, problem = WRONG_VALUES[what]
    text = changed(old, new)
    fault = only_fault(text)
    assert fault.field == field
    assert problem in fault.problem
    assert fault.remedy
    begins = line_with(text, new.strip().split("\n")[0])
    assert begins <= fault.line <= begins + new.strip().count("\n")
    assert len(str(fault)) < 1000


@pytest.mark.parametrize("typed", ["1.10", "007", "0x1F", "1e3", "12:30:00", "1_000", "+5", ".5", "2024-13-45", "0o17"])
def test_a_text_that_looks_like_a_number_stays_as_it_was_typed(typed: str) -> None:
    reading = read_text(changed("author: A Writer", f"author: {typed}"), "file.md", "file")
    assert reading.content
    assert reading.content.author == typed
    assert parse(f"%YAML 1.1\n---\n{typed}").value == typed, "whichever version of YAML a file asks for"


def test_a_million_laughs_are_not_told(tmp_path: Path) -> None:
    laughs = "- &a [ha, ha, ha]\n" + "".join(
        f"- &{b} [{f'*{a}, ' * 9}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
    )
    (tmp_path / "glossary.yml").write_text(laughs)
    reading, items = read_list(tmp_path / "glossary.yml", TermSchema)
    assert items == []
    assert "an anchor (&a)" in reading.diagnostics[0].problem


def test_a_file_of_many_faults_tells_the_first_hundred() -> None:
    text = changed("author: A Writer", "author: A\n" + "".join(f"x{number}: 1\n" for number in range(3000)).strip())
    found = faults_in(text)
    assert len(found) == MAX_DIAGNOSTICS + 1
    assert found[-1].remedy == "Correct these first"


@pytest.fixture
def _nothing_is_waited_for() -> Iterator[None]:
    """Fails a test that waits, which would never end."""

    def fail(*_: object) -> None:
        pytest.fail("it waited")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(SLACK)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("_nothing_is_waited_for")
@pytest.mark.parametrize("name", ["a.md", "glossary.yml", "categories.yml"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "loop", "nowhere", "socket", "device", "giant"])
def test_what_is_no_file_is_told_and_not_waited_for(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    path = tmp_path / name
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path)
        case "nowhere":
            path.symlink_to(tmp_path / "not there")
        case "device":
            path.symlink_to("/dev/zero")
        case "giant":
            path.write_bytes(b"x" * (MAX_FILE_BYTES + 1))
        case "socket":
            monkeypatch.chdir(tmp_path)  # the address of a socket is short
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(name)
    (fault,) = faults_of_folder(tmp_path)
    assert (fault.path, fault.line, fault.field) == (str(path), 1, "file")
    problem = f"is larger than {MAX_FILE_BYTES:,} bytes" if kind == "giant" else "cannot be read: "
    assert fault.problem.startswith(problem)


def test_a_link_to_a_file_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "target.txt").write_text(make_text())
    (tmp_path / "arm-training.md").symlink_to(tmp_path / "target.txt")
    assert read(tmp_path / "arm-training.md").content


def test_a_failure_over_one_file_is_a_fault_of_that_file(
    app: Flask, tmp_path: Path, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str) -> float:
        raise RecursionError("too deep")

    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(make_text(name))
    monkeypatch.setattr("webapp.documents.checking.readability.grade", fail)
    outcome = runner.invoke(args=["library", "check", str(tmp_path)])
    assert outcome.exit_code == 1
    assert "Traceback" not in outcome.output
    told = "cannot be judged, which is a mistake of this program (RecursionError: too deep)"
    for name in ("a", "b"):
        assert f"{tmp_path / name}.md:1: file: {told}" in outcome.stderr


@pytest.mark.parametrize("step", ["read_source", "_read", "MarkdownIt.parse"])
def test_a_failure_in_reading_is_a_fault_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    (tmp_path / "arm-training.md").write_text(make_text())
    monkeypatch.setattr(f"webapp.library.files.{step}", fail)
    (fault,) = read(tmp_path / "arm-training.md").diagnostics
    assert "MemoryError" in fault.problem


# fmt: off
UNITS = [
    "[", "[[](", "![", "[a](", "](", "[](", "*a_", "**", "`", "<a", "<!--", "&", "&#1;", "\\", '."', "\"'", ".)", "...",
    "x", "aeiou", "漢", "-", "1.", "1,111", "word ", "- ", "1. ", "> ", "*a_ ", "about ", "\t", " ", "\u3000",
]
LINES = [
    "[", "[a]:", "[a]: b", "```", "<a>", "---", "##", "a.", "1)", "> a", "1. a", "## a", "### a", "a\n=",
    "## Key Findings", "* a\n  * b", "\t",
]
# fmt: on


def _hostile() -> dict[str, str]:
    """Texts half as large as a file may be, which shows what grows with the square and spares the tests."""
    most = MAX_FILE_BYTES // 2
    found = {}
    for unit in UNITS:
        size = len(unit.encode())
        for old in ("Few people", "Half of them"):
            found[f"{old} {unit!r}"] = changed(old, f"{old} {unit * (MAX_TEXT_LENGTH // 2 // size)} ")
        found[f"file {unit!r}"] = changed("Chance made", f"Chance made {unit * (most // size)}")
    for line in LINES:
        many = f"\n{line}" * (most // (len(line.encode()) + 1))
        found[f"lines {line!r}"] = changed("Chance made the groups.", f"Chance.{many}")
        found[f"list {line!r}"] = changed("1. Few people took part.", f"1. Few.{many}")
    return found


HOSTILE = _hostile()


@pytest.mark.parametrize("group", range(6))
def test_a_hostile_text_is_judged_in_good_time(app: Flask, tmp_path: Path, group: int) -> None:
    for what, text in list(HOSTILE.items())[group::6]:
        (tmp_path / "file.md").write_text(text, encoding="utf-8")
        started = time.perf_counter()
        told = faults_of_folder(tmp_path)  # at the least that there is no such category
        assert time.perf_counter() - started < SLACK, what
        assert not [fault for fault in told if "mistake of this program" in fault.problem], what


# fmt: off
FRONTS = [
    "- a\n", "a: b\n", "- [", "- {", "- - ", "? ", "# c\n", "\n", '- "', "- |\n  a\n", "a:", "- &a b\n", "---\n",
    "%A\n", "- ? a\n", "[a, ", "- a: b\n  c: d\n",
]
# fmt: on


@pytest.mark.parametrize("front", FRONTS)
def test_hostile_yaml_is_judged_in_good_time(app: Flask, tmp_path: Path, front: str) -> None:
    most = MAX_FILE_BYTES - len(TEXT.encode())
    is_judged_in_good_time(tmp_path, front * (most // len(front)))


@pytest.mark.parametrize("front", ["- a\n", "a{}: b\n", "study{}: {{a: b, c: d}}\n", "- {{term: a, definition: b}}\n"])
def test_as_many_wrong_values_as_fit_are_judged_in_good_time(app: Flask, tmp_path: Path, front: str) -> None:
    times = (MAX_VALUES - 100) // (2 + 2 * front.count(":"))
    is_judged_in_good_time(tmp_path, "".join(front.format(number) for number in range(times)))


def is_judged_in_good_time(folder: Path, many: str) -> None:
    (folder / "glossary.yml").write_text(many)
    (folder / "file.md").write_text(TEXT.replace("---\n", f"---\n{many}\n", 1))
    started = time.perf_counter()
    told = faults_of_folder(folder)
    assert time.perf_counter() - started < 2 * SLACK
    assert not [fault for fault in told if "mistake of this program" in fault.problem]


@pytest.mark.parametrize("unit", UNITS)
def test_texts_are_measured_in_good_time(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    started = time.perf_counter()
    readability.long_sentences(text)
    readability.grade(text[:MAX_TEXT_LENGTH])
    numbers_in(text)
    unsupported(f"about {'9' * 60}", [text])
    slug_of_title(text)
    assert time.perf_counter() - started < SLACK


def test_a_link_is_read_by_its_words() -> None:
    assert readability.plain("See *the* [paper](https://example.org/a(1)b) and [x](y).") == "See the paper and x."
    assert readability.plain("[[a](b)") == "[a"
    assert readability.plain("[not] (a link) [nor](this") == "[not] (a link) [nor](this"


@pytest.mark.parametrize("title", ["&#99999999999999;", "&#xd800;", "&#55296;", f"&#{'9' * 5000};", "&#x;&#;&"])
def test_an_address_can_be_made_of_any_title(title: str) -> None:
    assert slug_of_title(title).isascii()


def test_a_good_file_is_still_good() -> None:
    assert faults_in(TEXT) == []
    assert make_summary_file("file")
