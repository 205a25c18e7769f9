"""Two texts word by word: one change is one run, and both texts can be had back."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given

from tests.documents.comparison.texts import texts
from webapp.documents.comparison import runs as runs_module
from webapp.documents.comparison.reading import changes_in, paragraphs, spoken
from webapp.documents.comparison.runs import after_of, before_of, runs_between


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(run.side, run.text) for run in runs_between(before, after)]


@given(texts(), texts())
def test_the_runs_give_back_both_texts(before: str, after: str) -> None:
    runs = runs_between(before, after)
    assert before_of(runs) == before
    assert after_of(runs) == after
    assert all(run.text for run in runs)


@given(texts(), texts())
def test_a_break_between_paragraphs_is_a_run_of_its_own(before: str, after: str) -> None:
    for run in runs_between(before, after):
        assert run.is_break or "\n\n" not in run.text


@given(texts())
def test_a_text_that_stayed_has_no_change(text: str) -> None:
    assert {run.side for run in runs_between(text, text)} <= {"same"}


@given(texts(), texts())
def test_what_is_drawn_holds_every_word(before: str, after: str) -> None:
    runs = runs_between(before, after)
    pieces = [piece for paragraph in paragraphs(runs) for piece in paragraph]
    for side, text in (("in", before), ("out", after)):
        drawn = "".join(piece.text for piece in pieces if piece.side != side and not piece.spoken)
        assert "".join(drawn.split()) == "".join(text.split())
    assert sum(piece.closes for piece in pieces) == len(changes_in(runs)) == spoken(runs).count("End of change.")


def test_a_change_is_one_run_and_not_ten_crumbs() -> None:
    before = "seven people with injuries in the neck or chest had a shot before some sessions"
    after = "seven patients with cervical injuries in thoracic neck regions had a shot before some sessions"
    assert told(before, after) == [
        ("same", "seven "),
        ("out", "people with injuries in the neck or chest"),
        ("in", "patients with cervical injuries in thoracic neck regions"),
        ("same", " had a shot before some sessions"),
    ]


def test_three_equal_words_between_two_changes_stay() -> None:
    assert told("old one two three old end", "new one two three new end") == [
        ("out", "old"),
        ("in", "new"),
        ("same", " one two three "),
        ("out", "old"),
        ("in", "new"),
        ("same", " end"),
    ]


def test_the_same_first_and_last_word_are_no_part_of_a_change() -> None:
    assert told("A shot before care", "A pill before care")[0] == ("same", "A ")


def test_a_change_does_not_reach_over_a_break_that_stayed() -> None:
    found = told("It was old.\n\nThe old way.", "It was new.\n\nThe new way.")
    assert ("same", "\n\n") in found
    assert found.count(("same", "The ")) == 1


@pytest.mark.parametrize(
    ("before", "after", "put_in"),
    [
        ("It helps. It ends.", "It helps. It is safe. It ends.", "It is safe. "),
        ("It helps.\n\nIt ends.", "It helps.\n\nIt lasts.\n\nIt ends.", "It lasts."),
        ("- a cat\n- a dog", "- a cat\n- a bird\n- a dog", "- a bird\n"),
        ("the dog", "the cat, the dog", "the cat, "),
    ],
)
def test_what_was_put_in_begins_with_its_sentence(before: str, after: str, put_in: str) -> None:
    assert [run.text for run in runs_between(before, after) if run.side == "in" and not run.is_break] == [put_in]
    taken = [run.text for run in runs_between(after, before) if run.side == "out" and not run.is_break]
    assert taken == [put_in], "the same the other way round"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Many people", "Most people", "Taken out: Many. Put in: Most. End of change."),
        ("It works.", "It works. It is safe.", "Put in: It is safe. End of change."),
        ("", "One.\n\nTwo.", "Put in: One. (new paragraph) Two. End of change."),
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", "Put in: New. End of change."),
        ("a b\n\nc d", "a b c d", "Taken out: (new paragraph). End of change."),
        ("a b c", "a b  c", "Taken out: (space). Put in: (2 spaces). End of change."),
        ("a b c", "a b\nc", "Put in: (new line). End of change."),
    ],
)
def test_a_change_is_told_in_words(before: str, after: str, words: str) -> None:
    assert spoken(runs_between(before, after)) == words


def test_a_list_says_what_became_of_what() -> None:
    runs = runs_between(
        "Two hours a day of it. Old. It is all here now.", "An hour a day of it. It is all here now. New."
    )
    assert [change.sentence for change in changes_in(runs)] == [
        "“Two hours” became “An hour”.",
        "“Old.” was taken out.",
        "“New.” was put in.",
    ]


def words(count: int, length: int, seed: int) -> str:
    chance = random.Random(seed)  # noqa: S311
    return " ".join("".join(chance.choices("abcdefghij", k=length)) for _ in range(count))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (words(4_000, 4, 1), words(4_000, 4, 2)),
        (words(10_000, 1, 1), words(10_000, 1, 2)),
        ("a " * 10_000, "a b " * 5_000),
        ("a\n\n" * 6_600, "b\n\n" * 6_600),
        (" " * 20_000, "\n" * 20_000),
        ("x" * 20_000, "y" * 20_000),
        ("a " * 400_000, "b " * 400_000),
    ],
    ids=["nothing in common", "ten words", "one word", "paragraphs", "white space", "no space", "far too long"],
)
def test_long_texts_take_no_time(before: str, after: str) -> None:
    start = time.perf_counter()
    runs = runs_between(before, after)
    paragraphs(runs)
    spoken(runs)
    assert time.perf_counter() - start < 3
    assert (before_of(runs), after_of(runs)) == (before, after)


def test_of_texts_too_long_to_match_the_same_ends_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs_module, "MAX_CELLS", 0)
    assert told("a b c d e", "a b x d e") == [("same", "a b "), ("out", "c"), ("in", "x"), ("same", " d e")]
    assert told("a b", "a b") == [("same", "a b")]
    assert told("a b a", "a b a b a") == [("in", "a b "), ("same", "a b a")]
