"""The text of a file, as far as it is one that can be judged: a regular file, not too large, of readable characters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.editorial.characters import forbidden_in
from webapp.library.diagnostics import Reading
from webapp.library.yaml import Document, UnreadableError, parse

MAX_FILE_BYTES = 100_000
"""Bytes. The longest summary we ship has 6,000, the glossary 19,000."""

_UNSEEN = "holds {}, a control character or one like it, which nobody can see"


def read_source(path: Path, reading: Reading) -> str | None:
    """The text of a file; None, with the fault noted, when it has none to give. A pipe is not waited for."""
    try:
        if not path.is_file():
            path.stat()  # says what is wrong with a name that leads nowhere
            reading.report(1, "file", "cannot be read: it is no regular file", "Put a text file in its place")
            return None
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        reading.report(1, "file", f"cannot be read: {why}", "Check the name and its rights")
        return None
    if len(content) > MAX_FILE_BYTES:
        reading.report(1, "file", f"is larger than {MAX_FILE_BYTES:,} bytes", "Shorten it, or make two of it")
        return None
    try:
        return readable(content.decode("utf-8"), reading)
    except UnicodeDecodeError:
        reading.report(1, "file", "is not UTF-8 text", "Save it as UTF-8")
        return None


def readable(text: str, reading: Reading) -> str | None:
    """The text with one kind of line end; None, with each line noted, when it holds what no text may hold."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        if character := forbidden_in(line):
            problem = _UNSEEN.format(character)
            reading.report(number, "file", problem, "Delete it, or type the line anew")
    return None if reading.diagnostics else text


def read_yaml(source: str, reading: Reading, *, first_line: int, name: str) -> Document | None:
    """The YAML of a file; None, with the faults noted, when it cannot be used.

    `first_line` is the line of the file on which it begins, `name` what the whole of it is called in a fault.
    """
    try:
        document = parse(source)
    except UnreadableError as error:
        reading.report(error.line + first_line - 1, name, f"is not valid YAML: {error.problem}", error.remedy)
        return None
    for loc, character in document.forbidden:
        where = ".".join(str(step) for step in loc) or name
        problem = _UNSEEN.format(character)
        remedy = "Take it out; it may be written as an escape such as \\u0001"
        reading.report(document.line_of(loc) + first_line - 1, where, problem, remedy)
    return None if document.forbidden else document


@contextmanager
def failures_reported(reading: Reading) -> Iterator[None]:
    """Makes a failure of ours over one file a fault of that file: the other files are judged all the same."""
    try:
        yield
    except Exception as error:
        problem = f"cannot be judged, which is a mistake of this program ({type(error).__name__}: {error})"
        reading.content = None
        reading.report(1, "file", problem, "Leave the file out, and report it")
