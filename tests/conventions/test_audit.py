"""`make audit` fools nobody: what could not be asked about is not said to be without fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deploy import audit
from deploy.audit import NONE_KNOWN, NOT_ASKED, SOME_KNOWN, verdict


def answer(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": [{"name": "flask", "version": "1.0", **one} for one in packages]})


SKIPPED = {"skip_reason": "not found"}
FAULTY = {"vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}


@pytest.mark.parametrize(
    ("told", "words", "status"),
    [
        (answer({"vulns": []}), "No fault is known in 1 packages.", NONE_KNOWN),
        (answer({"vulns": []}, FAULTY), "flask 1.0: CVE-1, mended in 1.1.", SOME_KNOWN),
        (answer(FAULTY, SKIPPED), "Could not ask about 1 of 2 packages.", SOME_KNOWN),
        (answer({"vulns": []}, SKIPPED), "Could not ask about 1 of 2 packages.", NOT_ASKED),
        (answer(), "Could not ask whether faults are known in any package.", NOT_ASKED),
        ("", "Could not ask whether faults are known in any package.", NOT_ASKED),
    ],
)
def test_an_audit_that_could_not_ask_does_not_pass(told: str, words: str, status: int) -> None:
    lines, ended_with = verdict(told)
    assert words in "\n".join(lines)
    assert ended_with == status
    assert ("No fault is known" in "\n".join(lines)) == (status == NONE_KNOWN)


def test_the_list_of_parts_is_written_though_nobody_could_be_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "SBOM", tmp_path / "sbom.json")
    monkeypatch.setattr(audit, "ask", lambda: "")
    assert audit.main() == NOT_ASKED
    assert json.loads((tmp_path / "sbom.json").read_text())["bomFormat"] == "CycloneDX"
    assert "Could not ask" in capsys.readouterr().out
