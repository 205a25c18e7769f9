"""`flask library check` gives advice on words that may mislead; it is no fault, and nothing waits for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner

from tests.factories import File, make_page_file, make_summary_file, write_files
from webapp.cli.library import MOST_ADVICE

SURE: dict[str, Any] = {
    "key_findings": ["The trial proves that arm training works."],
    "harms": "Whether anybody was hurt is not known.",
}
TOLD = "“proves” sounds too sure for a study of this kind (randomised controlled trial)"


def check(runner: FlaskCliRunner, folder: Path, *files: File, options: tuple[str, ...] = ()) -> list[str]:
    """What the command prints about these files; it must find no fault."""
    write_files(folder, *files)
    outcome = runner.invoke(args=["library", "check", *options, str(folder)])
    assert outcome.exit_code == 0, outcome.output
    return outcome.output.splitlines()


def test_advice_stands_below_the_result_with_file_line_reason_and_a_better_sentence(
    folder: Path, runner: FlaskCliRunner
) -> None:
    *_, result, head, line = check(runner, folder, make_summary_file(**SURE), make_page_file())
    assert result == "No fault found in 2 documents."
    assert head.startswith("Advice on 1 place that may claim more than the study can bear.")
    assert "--no-advice leaves it out" in head
    path = folder / "arm-training.md"
    number = path.read_text().split("\n").index("## Key Findings") + 1
    better = "It could say: “The trial suggests that arm training may work.”"
    assert line == f"  {path}:{number}: Key Findings 1: {TOLD}. {better}"


def test_advice_can_be_left_out(folder: Path, runner: FlaskCliRunner) -> None:
    lines = check(runner, folder, make_summary_file(**SURE), options=("--no-advice",))
    assert lines[-1] == "No fault found in 1 document."


def test_an_honest_summary_gets_none(folder: Path, runner: FlaskCliRunner) -> None:
    lines = check(runner, folder, make_summary_file(harms="Whether anybody was hurt is not known."))
    assert lines[-1] == "No fault found in 1 document."


def test_a_draft_gets_it_too(folder: Path, runner: FlaskCliRunner) -> None:
    assert TOLD in check(runner, folder, make_summary_file(**SURE, draft=True))[-1]


def test_harms_that_are_left_out_are_told_of(folder: Path, runner: FlaskCliRunner) -> None:
    assert ": Harms: a treatment was tested in people" in check(runner, folder, make_summary_file())[-1]


def test_no_more_is_printed_than_anybody_reads(folder: Path, runner: FlaskCliRunner) -> None:
    many = SURE | {"key_findings": SURE["key_findings"] * (MOST_ADVICE + 3)}
    lines = check(runner, folder, make_summary_file(**many))
    assert f"Advice on {MOST_ADVICE + 3} places" in lines[-MOST_ADVICE - 2]
    assert lines[-1] == "  3 more; check fewer files to see them."


def test_faults_come_first(folder: Path, runner: FlaskCliRunner) -> None:
    write_files(folder, make_summary_file(**SURE, limitations=[]))
    outcome = runner.invoke(args=["library", "check", str(folder)])
    assert outcome.exit_code == 1
    assert "Advice" not in outcome.output


def test_a_failure_of_the_advice_is_told_and_changes_nothing(
    folder: Path, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("webapp.library.advice.findings_in", fail)
    lines = check(runner, folder, make_summary_file("a"), make_summary_file("b"))
    told = "cannot be judged, which is a mistake of this program (RecursionError: too deep)"
    assert [told in line for line in lines[-2:]] == [True, True]
