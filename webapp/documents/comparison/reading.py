"""Differences in the order in which they are read or heard: paragraph by paragraph, change by change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from webapp.documents.comparison.runs import Run, Side


class Piece(NamedTuple):
    """A run as it is drawn."""

    side: Side
    text: str
    spoken: str = ""
    """What is said instead of the text, where that is a sign for white space."""
    opens: bool = False
    """Whether it is the first of what was taken out, or of what was put in."""
    ends: bool = False
    """Whether it is the last of it."""
    closes: bool = False
    """Whether the change ends with it."""


class Change(NamedTuple):
    """One change in words: what was taken out, and what was put in. Either can be empty, not both."""

    out: str
    put: str

    @property
    def spoken(self) -> str:
        """Taken out: two hours. Put in: an hour. End of change."""
        told = [f"Taken out: {_stopped(self.out)}"] if self.out else []
        told += [f"Put in: {_stopped(self.put)}"] if self.put else []
        return " ".join([*told, "End of change."])

    @property
    def sentence(self) -> str:
        """The same for a list: “two hours” became “an hour”."""
        if self.out and self.put:
            return f"“{self.out}” became “{self.put}”."
        return f"“{self.out}” was taken out." if self.out else f"“{self.put}” was put in."


def changes_in(runs: Iterable[Run]) -> list[Change]:
    """Every change, in the order of the text."""
    return [Change(*_told(run)) for is_same, run in _stretches(runs) if not is_same]


def spoken(runs: Iterable[Run]) -> str:
    """All changes, to be heard one after the other."""
    return " ".join(change.spoken for change in changes_in(runs))


def paragraphs(runs: Iterable[Run]) -> list[list[Piece]]:
    """The paragraphs to draw. A change that goes on over their border is in each of them a piece of its own."""
    found: list[list[Piece]] = [[]]
    for is_same, stretch in _stretches(runs):
        pieces = [Piece("same", run.text) for run in stretch] if is_same else _pieces(stretch)
        last = _last_break(stretch)
        for at, (piece, run) in enumerate(zip(pieces, stretch, strict=True)):
            if piece.side != "same" or not run.is_break:
                found[-1] += _without_edges(piece)
            if run.is_break and (run.side != "out" or at <= last):
                found.append([])
    return [pieces for pieces in found if pieces]


def _without_edges(piece: Piece) -> list[Piece]:
    """A change and the white space around it, which is no part of what is drawn as changed."""
    text = piece.text.strip()
    if piece.side == "same" or text == piece.text:
        return [piece]
    before, _, after = piece.text.partition(text)
    parts = (Piece("same", before), piece._replace(text=text), Piece("same", after))
    return [part for part in parts if part.text]


def _last_break(stretch: Sequence[Run]) -> int:
    """Up to where breaks that were taken out are drawn as breaks. What was put in for them goes on in its paragraph."""
    if all(run.side != "in" for run in stretch):
        return len(stretch)
    return max((at for at, run in enumerate(stretch) if run.side == "out" and not run.text.isspace()), default=-1)


def word_count(runs: Iterable[Run], side: Side) -> int:
    return sum(len(run.text.split()) for run in runs if run.side == side)


def _stretches(runs: Iterable[Run]) -> Iterator[tuple[bool, list[Run]]]:
    """Runs that stayed and changes, one after the other."""
    for is_same, stretch in groupby(runs, key=lambda run: run.side == "same"):
        yield is_same, list(stretch)


def _told(stretch: Sequence[Run]) -> tuple[str, str]:
    """What was taken out, and what was put in, in one line each."""
    runs = [stretch[at] for at in _places_told(stretch)]
    out, put = (" ".join(_in_words(run) for run in runs if run.side == side) for side in ("out", "in"))
    return out, put


def _pieces(stretch: Sequence[Run]) -> list[Piece]:
    """A change as it is drawn, a piece for each of its runs."""
    told = _places_told(stretch)
    last = {stretch[at].side: at for at in told}
    first = {stretch[at].side: at for at in reversed(told)}
    pieces = [Piece("same", run.text) for run in stretch]
    for at in told:
        side = stretch[at].side
        pieces[at] = Piece(side, *_sign_of(stretch[at]), at == first[side], at == last[side], at == told[-1])
    return pieces


def _places_told(stretch: Sequence[Run]) -> list[int]:
    """Where in a change there is something to tell.

    Mere spaces are told where nothing else changed. The empty line around whole paragraphs that came or went says
    nothing that they do not.
    """
    words = [at for at, run in enumerate(stretch) if not run.text.isspace()]
    lines = [at for at, run in enumerate(stretch) if not run.text.isspace() or "\n" in run.text]
    if words and len({run.side for run in stretch}) == 1:
        return [at for at in lines if words[0] <= at <= words[-1]]
    return lines or list(range(len(stretch)))


def _sign_of(run: Run) -> tuple[str, str]:
    """What is drawn of a run, and what is said instead of that."""
    if not run.text.isspace():
        return run.text, ""
    if run.is_break:
        return "¶", "new paragraph"
    if "\n" in run.text:
        return "↵", "new line"
    return "␣" * len(run.text), "space" if len(run.text) == 1 else f"{len(run.text)} spaces"


def _in_words(run: Run) -> str:
    sign, said = _sign_of(run)
    return f"({said})" if said else " ".join(sign.split())


def _stopped(text: str) -> str:
    """The text, with a full stop for a voice to pause at."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
