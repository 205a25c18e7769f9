"""Made-up files, by the hundred: reading never raises, and what is taken survives being written and read again.

The same files each time (`derandomize`), so that a failure is found where it was made.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from lxml import etree

from tests.factories import FRONT, STUDY, TEXT, make_text
from webapp.documents.schema import Content, SummaryContent, canonical, digest_of
from webapp.editorial.characters import forbidden_in, without_forbidden
from webapp.library.checking import check_content, check_together
from webapp.library.diagnostics import Reading
from webapp.library.files import read_text, write
from webapp.library.queries import Known

BOUNDED = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# fmt: off
MARKS = list("[]{}()<>*_`#&!|>'\"%@:,-?~\\/=+.0123456789\t \n\r\x00\x01\x85\u2028\ufeff\ufffe\ud800é漢🙂")
SCRAPS = [
    "---\n", "- ", ": ", "## ", "### ", "1. ", "<<", "&a ", "*a", "!!int ", "|\n", ">\n", "```\n", "[a](b)", "\\u0001",
    "true", "null", ".inf", "1e3", "0x1F", "2026-01-15", "2026-13-45", "study:\n  ", "# c\n", "? ", "{", "[",
]
ODD = ["# ", ": ", "- ", "'", '"', "1.10", "null", "true", "*a", "&a", "!", "%", "\\n", "{", "]", "@", "`", "\n", "\t"]
# fmt: on
NOISE = st.lists(st.one_of(st.sampled_from(MARKS + SCRAPS), st.text(max_size=3)), max_size=12).map("".join)
KNOWN = Known("en", categories={"hand-and-arm-use"}, summaries={"en": {"another"}})
WHOLE = make_text(study={"published": "2024-03"}, harms="None.", related=["another"])


def judge(text: str) -> Reading:
    """As `flask library check` does with one file, without the net that catches what escapes."""
    reading = read_text(text, "file.md", "arm-training")
    check_content(reading)
    check_together([reading], [], KNOWN)
    for fault in reading.diagnostics:
        assert fault.problem
        assert fault.remedy
        assert 1 <= fault.line <= len(text.splitlines()) + 2, str(fault)
    return reading


@BOUNDED
@given(NOISE)
def test_no_text_makes_reading_fail(text: str) -> None:
    judge(text)
    judge(f"---\n{text}\n---\n")


@BOUNDED
@given(st.data())
def test_no_change_of_a_good_file_makes_reading_fail(data: st.DataObject) -> None:
    text = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 20)))
        text = text[:start] + data.draw(NOISE) + text[end:]
    reading = judge(text)
    if reading.content:
        assert_stable(reading.content)


def assert_stable(summary: Content) -> None:
    """What was taken is fit for every place it goes to, and comes back from its file the same."""
    assert summary.slug or summary.own_slug("file")
    kept = canonical(summary, "arm-training")
    again = read_text(write(summary.kind, kept), "file.md", "arm-training").content
    assert again
    assert canonical(again, "arm-training") == kept
    assert digest_of(canonical(again, "arm-training")) == digest_of(kept)
    for text in texts_in(summary.model_dump(mode="json")):
        assert forbidden_in(text) is None
        etree.Element("a").text = text  # XML takes it


def texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in texts_in(part)]


def legal(*, lines: bool = False) -> SearchStrategy[str]:
    """Texts that may stand in a field, however odd; of one line unless `lines`."""
    scraps = st.one_of(st.text(max_size=6), st.sampled_from(ODD))
    parts = st.lists(scraps, min_size=1, max_size=6).map("".join).map(without_forbidden)
    texts = parts if lines else parts.map(lambda text: " ".join(text.split()))
    return texts.filter(lambda text: bool(text.strip()))


FIELDS = st.fixed_dictionaries(
    {"title": legal(lines=True), "description": legal(lines=True), "author": legal(), "rests_on": legal(lines=True)},
    optional={"reviewer": legal(), "exception": legal(lines=True)},
)
PAPER = st.fixed_dictionaries(
    {"title": legal(lines=True), "population": legal(), "compared_with": legal(lines=True)},
    optional={
        "authors": st.lists(legal(), max_size=3),
        "journal": legal(),
        "citation": legal(lines=True),
        "funding": legal(lines=True),
        "registrations": st.lists(legal(), max_size=2),
    },
)


@BOUNDED
@given(FIELDS, PAPER)
def test_odd_but_legal_fields_survive_being_written_and_read(fields: dict[str, Any], paper: dict[str, Any]) -> None:
    assert_stable(SummaryContent.model_validate(TEXT | FRONT | fields | {"study": STUDY | paper}))


@BOUNDED
@given(legal(), legal(), legal())
def test_odd_but_legal_prose_is_stable_once_it_was_read(first: str, second: str, third: str) -> None:
    """A text that begins like a heading is told as a fault; one that is taken comes back the same for good."""
    text = make_text(simple_explanation=first, key_findings=[second, "x"], limitations=[third])
    reading = read_text(text, "file.md", "arm-training")
    if reading.content:
        assert_stable(reading.content)
