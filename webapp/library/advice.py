"""Advice on the wording of summaries that are read from files: never a fault, and nothing waits for it."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.documents.schema import SummaryContent
from webapp.editorial.claims import Finding, findings_in
from webapp.library.diagnostics import Diagnostic, Reading
from webapp.library.source import failures_reported


def advice_on(readings: Iterable[Reading]) -> list[Diagnostic]:
    """What may mislead in the summaries among these files, file by file in the order of the page.

    A failure of ours over one of them is told as advice on that file: it keeps nobody from loading it.
    """
    found: list[Diagnostic] = []
    for reading in readings:
        before = len(reading.diagnostics)
        with failures_reported(reading):
            found += _on(reading)
        found += reading.diagnostics[before:]
        del reading.diagnostics[before:]
    return found


def _on(reading: Reading) -> list[Diagnostic]:
    reading.unpack()
    content, lines = reading.content, reading.lines
    reading.pack()
    if not isinstance(content, SummaryContent):
        return []
    return [_diagnostic(finding, reading.path, lines) for finding in findings_in(content)]


def _diagnostic(finding: Finding, path: str, lines: dict[str, int]) -> Diagnostic:
    """At the line of its field or of the heading it stands under, as faults are told."""
    line = lines.get(finding.where) or lines.get(finding.where.rstrip("0123456789 "), 2)
    remedy = f"It could say: “{finding.wordings[0]}”" if finding.wordings else "Say it more carefully"
    return Diagnostic(path, line, finding.where, finding.why, remedy)
