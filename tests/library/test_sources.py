"""The source of a finding stands right below it in a file, and comes back as it was."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_outcome, make_summary_file, make_text
from tests.library.test_files import only_fault, reading_of, summary_of, written
from tests.library.test_fuzz import BOUNDED, legal
from webapp.documents.origin import Read
from webapp.library.files import write

FULL = {"where": "PubMed 1", "read": "full paper", "place": "Table 2, page 14", "quote": "a bit stronger: 3 of 4"}


def test_a_source_reads_as_a_list_below_its_finding() -> None:
    text = make_text(key_findings=[{"text": "Arms got stronger.", "source": FULL}, "Nobody was hurt."])
    below = (
        "1. Arms got stronger.\n"
        "   - Source: PubMed 1\n"
        "   - Read: full paper\n"
        "   - Place: Table 2, page 14\n"
        "   - Quote: a bit stronger: 3 of 4\n"
        "2. Nobody was hurt.\n"
    )
    assert below in text


@pytest.mark.parametrize(
    "findings",
    [
        [{"text": "One.", "source": FULL}, {"text": "Two.", "source": "PubMed 1"}],
        [{"text": "One.\n\nIts second paragraph.", "source": FULL}],
        [{"text": "Two:\n- a\n- b", "source": FULL}, "Three."],
        [{"text": f"Finding {number}.", "source": FULL} for number in range(12)],
        [{"text": "One.", "source": {"where": "A: b - Read: no", "quote": "- Source: x"}}],
    ],
)
def test_findings_and_sources_survive_writing_and_reading(findings: list[Any]) -> None:
    outcomes = [make_outcome(source=FULL), make_outcome(name="Sleep")]
    file = make_summary_file("file", key_findings=findings, study={"outcomes": outcomes}, version=4)
    assert summary_of(file.text) == file.content
    assert written(reading_of(file.text)) == file.text


SOURCES: st.SearchStrategy[dict[str, str]] = st.fixed_dictionaries(
    {"where": legal()},
    optional={
        "read": st.sampled_from(get_args(Read)),
        "place": legal(),
        "quote": legal().map(lambda text: f"a{text}b"),
    },
)


@BOUNDED
@given(SOURCES)
def test_odd_but_legal_sources_survive(source: dict[str, str]) -> None:
    file = make_summary_file("file", key_findings=["One.", {"text": "Two.", "source": source}])
    assert summary_of(file.text) == file.content
    assert written(reading_of(file.text)) == file.text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Page: 3", "says of a source: “- Page: 3”"),
        ("Source: another", "says of a source: “- Source: another”"),
        ("some words", "says of a source: “- some words”"),
    ],
)
def test_a_line_that_says_nothing_known_of_a_source_is_told(line: str, told: str) -> None:
    text = make_text(key_findings=[{"text": "Arms got stronger.", "source": FULL}])
    fault = only_fault(text.replace("   - Read: full paper\n", f"   - Read: full paper\n   - {line}\n"))
    assert (fault.field, fault.problem) == ("Key Findings", told)
    assert fault.remedy == "Write, each once and on a line of its own: Source, Read, Place, Quote"


def test_a_source_that_is_none_is_told_in_its_section() -> None:
    text = make_text(key_findings=[{"text": "Arms got stronger.", "source": FULL}])
    fault = only_fault(text.replace("Read: full paper", "Read: the cover"))
    assert fault.field == "Key Findings"
    assert fault.line == text.split("\n").index("## Key Findings") + 1


@pytest.mark.parametrize("row", [{"source": FULL}, {"source": {"read": "abstract"}}, {"text": "One.", "source": "A"}])
def test_a_half_written_source_survives_as_a_draft(row: dict[str, Any]) -> None:
    content = {"title": "A", "key_findings": [row, "Two."]}
    reading = reading_of(write("summary", content, is_draft=True))
    shown = row if row["source"] != "A" else {"text": "One.", "source": {"where": "A"}}
    assert reading.typed["key_findings"] == [shown, "Two."]
