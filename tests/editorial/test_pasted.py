"""Text from a PDF: what nobody sees is mended, and broken lines are joined only where a sentence plainly goes on."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import STARTER
from webapp.editorial.pasted import broken_lines, is_broken, mended

# fmt: off
MENDED = {
    "ﬁbre, ﬂow, eﬀect, eﬃcacy, baﬄe": "fibre, flow, effect, efficacy, baffle",
    "re\u00adgen\u00ader\u00ada\u00adtion": "regeneration",
    "re\u00ad\ngeneration of": "regeneration of",
    "12\u00a0people, 5\u202fmm, “so”, x², 3–4": "12\u00a0people, 5\u202fmm, “so”, x², 3–4",
}
CUT_WORDS = {
    "regen-\neration": "regeneration", "spas-\nticity": "spasticity", "ran-\ndomised": "randomised",
    "neuro-\npathic": "neuropathic", "electro-\nstimulation": "electrostimulation", "pa-\ntients": "patients",
    "hyper-\nreflexia": "hyperreflexia", "patient-re-\nported": "patient-reported", "REGEN-\neration": "REGENeration",
    "long-\nterm": "long-term", "follow-\nup": "follow-up", "double-\nblind": "double-blind",
    "self-\ncatheterisation": "self-catheterisation", "placebo-\ncontrolled": "placebo-controlled",
    "T-\ncell": "T-cell", "short-\nand long-term": "short- and long-term", "re‐\ncovery": "recovery",
    "re-education. With re-\neducation": "re-education. With re-education",
    "reeducation. With re-\neducation": "reeducation. With reeducation",
}
PIECES = [*"ab-.,\\ #>1Ü", "\n", "\n\n", "- ", "word ", "Word. ", "re-", "x" * 30]
KEPT = [
    "", "One line.", "Two.\n\nParagraphs.", "- a point\n- another\n1. and one\n2. and two",
    "Call us:\n0800 123 456\nMondays to Fridays", "pain\nspasticity\nsleep", "12-\n15 people",
    "Each of these sentences has a line that is its own here.\nSo has this one, because somebody wanted it to be so.",
    "## A heading that is as long as a line of text\nand text", "| one cell that is long | another |\n| b | c |",
    "```\nthis is code that goes on and on here\nand here\n```",
    "    this is code that goes on and on here\n    and here",
    "A line that was broken on purpose, in Markdown\\\nand its other half",
    "The people who took part were asked about pain.\n\n1204\n\nThey had none.", "::: notice\nwords\n:::",
]
# fmt: on
PASTED = """\
Forty people with a neck injury took part in this trial. Half of
them trained their arms three times a week, the others had usual
care. Nobody was hurt.
After a year they were asked once more, and what they could do by
themselves was mea-

Page 3 of 12

sured, as the paper says:
- arms got a bit stronger in most of those who were asked, in the
  neck too
- legs did not

1. First."""
JOINED = """\
Forty people with a neck injury took part in this trial. Half of them trained their arms three times a week, \
the others had usual care. Nobody was hurt.

After a year they were asked once more, and what they could do by themselves was measured, as the paper says:
- arms got a bit stronger in most of those who were asked, in the neck too
- legs did not

1. First."""


@pytest.mark.parametrize("typed", MENDED)
def test_what_nobody_sees_is_mended_and_the_rest_stays(typed: str) -> None:
    assert mended(typed) == MENDED[typed]
    assert mended(mended(typed)) == mended(typed)


@pytest.mark.parametrize("typed", CUT_WORDS)
def test_a_cut_word_is_one_word_or_keeps_its_hyphen(typed: str) -> None:
    assert broken_lines(typed) == CUT_WORDS[typed]


@pytest.mark.parametrize("text", KEPT)
def test_lines_that_are_meant_stay(text: str) -> None:
    assert broken_lines(text) is None
    assert not is_broken(text)


def test_paragraphs_and_points_of_lists_become_whole_and_page_numbers_go() -> None:
    assert is_broken(PASTED)
    assert broken_lines(PASTED) == JOINED
    assert broken_lines(JOINED) is None, "once is enough"


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.sampled_from([*"ab-.,\\ #>1Ü", "\n", "\n\n", "- ", "word ", "Word. ", "re-", "x" * 30]), max_size=30)
)
def test_what_was_joined_is_joined_for_good_and_no_letter_goes(pieces: list[str]) -> None:
    text = mended("".join(pieces))
    whole = broken_lines(text)
    assert (whole is not None) == is_broken(text)
    if whole is not None:
        assert broken_lines(whole) is None
        gone = re.compile(r"[\s\d-]")  # blanks, hyphens of cut words, numbers of pages
        assert gone.sub("", whole) == gone.sub("", text)


def test_no_text_that_ships_is_taken_for_broken() -> None:
    shipped = [path.read_text(encoding="utf-8").split("\n---\n", 1)[1] for path in STARTER.glob("*/*.md")]
    assert len(shipped) > 80
    assert [text for text in shipped if is_broken(text)] == []


@pytest.mark.parametrize(
    "piece", ["x", "- ", "-", "a-\n", " ", "\n", "1\n\n", "a\u00ad", "a word of a line of text\n", "."]
)
def test_long_texts_are_joined_at_once(piece: str) -> None:
    started = time.perf_counter()
    broken_lines("A text that is cut off at the e-\nnd. " + piece * (60_000 // len(piece)))
    assert time.perf_counter() - started < 2
