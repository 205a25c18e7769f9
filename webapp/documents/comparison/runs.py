"""Two versions of a text word by word: what stayed, what was taken out, what was put in.

One change is one run. Equal words between two changes are swallowed where they are only one or two: ten crumbs can
neither be read nor heard. The words are matched by rapidfuzz, which finds the longest common sequence in bounded time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

Side = Literal["same", "out", "in"]
SMALL_GAP = 2
"""Equal words between two changes, up to which both are told as one."""
MAX_CELLS = 200_000_000
"""Words of one text times words of the other: to match more takes too much memory, and all of it is one change."""
_WORD = re.compile(r"\S+")
_SENTENCE_END = tuple(".?!:")


class Run(NamedTuple):
    """A piece of text that stayed (`same`), was taken out (`out`) or was put in (`in`).

    The break between two paragraphs is a run of its own, and no other run holds one.
    """

    side: Side
    text: str

    @property
    def is_break(self) -> bool:
        return is_break(self.text)


class Block(NamedTuple):
    """Words that are the same in both texts: where they begin in each, and how many they are."""

    old: int
    new: int
    length: int


class Words:
    """A text as its words, with the white space before each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [found.span() for found in _WORD.finditer(text)]
        self.words = [text[start:end] for start, end in self.spans]

    def space_before(self, index: int) -> str:
        """The white space before a word, or at the end of the text."""
        start = self.spans[index - 1][1] if index else 0
        return self.text[start : self.spans[index][0] if index < len(self.spans) else len(self.text)]


def is_break(text: str) -> bool:
    """Whether this is the empty line between two paragraphs."""
    return text.isspace() and text.count("\n") > 1


def runs_between(before: str, after: str) -> list[Run]:
    """The runs from one text to another. Those that are not `in` give the one text, those not `out` the other."""
    old, new = Words(before), Words(after)
    pieces: list[Run] = []
    at_old = at_new = 0
    for in_old, in_new in _kept_words(old, new):
        (start, end), (new_start, new_end) = old.spans[in_old], new.spans[in_new]
        pieces += _between(before[at_old:start], after[at_new:new_start])
        pieces.append(Run("same", before[start:end]))
        at_old, at_new = end, new_end
    pieces += _between(before[at_old:], after[at_new:])
    return list(_merged(pieces))


def before_of(runs: Iterable[Run]) -> str:
    """The text before the changes."""
    return "".join(run.text for run in runs if run.side != "in")


def after_of(runs: Iterable[Run]) -> str:
    """The text with the changes."""
    return "".join(run.text for run in runs if run.side != "out")


def _kept_words(old: Words, new: Words) -> Iterator[tuple[int, int]]:
    """The words that stayed: where each stands in both texts."""
    for block in _readable(_matching(old.words, new.words), old, new):
        yield from ((block.old + step, block.new + step) for step in range(block.length))


def _matching(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The longest common sequence of words, as blocks."""
    from rapidfuzz.distance import LCSseq

    if len(old) * len(new) > MAX_CELLS:
        return _common_ends(old, new)
    numbers: dict[str, int] = {}  # a number for each word: two words never pass for the same
    ids = [[numbers.setdefault(word, len(numbers)) for word in words] for words in (old, new)]
    return [
        Block(step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in LCSseq.opcodes(*ids)
        if step.tag == "equal"
    ]


def _common_ends(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The words with which both begin, and those with which both end."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    return [Block(0, 0, head), Block(len(old) - tail, len(new) - tail, tail)]


def _readable(blocks: list[Block], old: Words, new: Words) -> list[Block]:
    """The blocks that are long enough to stand between two changes, each change where a sentence begins if it can."""
    kept: list[Block] = []
    for block in blocks:
        if kept:
            kept[-1:] = _slid(kept[-1], block, old, new)
        else:
            kept.append(block)
    return [block for block in kept if block.length and not _is_crumb(block, old, new)]


def _is_crumb(block: Block, old: Words, new: Words) -> bool:
    """Whether a block is a small gap between two changes in one paragraph."""
    end = Block(block.old + block.length, block.new + block.length, 0)
    is_first = block.old == block.new == 0
    is_last = (end.old, end.new) == (len(old.words), len(new.words))
    if block.length > SMALL_GAP or is_first or is_last:
        return False
    return not any(is_break(old.space_before(at.old)) and is_break(new.space_before(at.new)) for at in (block, end))


def _slid(first: Block, second: Block, old: Words, new: Words) -> list[Block]:
    """Two blocks with words put in (or taken out) between them, those words moved to begin with a sentence.

    Of "It helps. It is safe. It ends." the new words are "It is safe.", and not "is safe. It".
    """
    end_old, end_new = first.old + first.length, first.new + first.length
    if end_old == second.old:
        text, start, stop = new, end_new, second.new
    elif end_new == second.new:
        text, start, stop = old, end_old, second.old
    else:
        return [first, second]
    for shift in _shifts(text.words, start, stop, first.length, second.length):
        if _begins_sentence(text, start + shift):
            moved = Block(second.old + shift, second.new + shift, second.length - shift)
            return [first._replace(length=first.length + shift), moved]
    return [first, second]


def _shifts(words: Sequence[str], start: int, stop: int, left: int, right: int) -> Iterator[int]:
    """How far the words from `start` to `stop` can be said to stand further left (below 0) or right, the text being
    the same. `left` and `right`: how many equal words stand on each side.
    """
    yield 0
    for shift in range(1, left + 1):
        if words[start - shift] != words[stop - shift]:
            break
        yield -shift
    for shift in range(right):
        if words[start + shift] != words[stop + shift]:
            break
        yield shift + 1


def _begins_sentence(text: Words, index: int) -> bool:
    """Whether a sentence, or a line, begins with a word."""
    return index == 0 or text.words[index - 1].endswith(_SENTENCE_END) or "\n" in text.space_before(index)


def _between(old: str, new: str) -> list[Run]:
    """What stands between two words that stayed. White space that is the same at an end is no part of the change."""
    if old == new:
        return [Run("same", old)]
    head, tail = _leading_space(old), ""
    if head != _leading_space(new):
        head = ""
    old, new = old[len(head) :], new[len(head) :]
    if (space := _trailing_space(old)) == _trailing_space(new):
        tail, old, new = space, old[: len(old) - len(space)], new[: len(new) - len(space)]
    return [Run("same", head), Run("out", old), Run("in", new), Run("same", tail)]


def _leading_space(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _trailing_space(text: str) -> str:
    return text[len(text.rstrip()) :]


def _merged(pieces: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of one side as one run, with the breaks between paragraphs as runs of their own."""
    side: Side = "same"
    texts: list[str] = []
    for piece in pieces:
        if piece.side != side and piece.text:
            yield from _by_paragraph(side, "".join(texts))
            side, texts = piece.side, []
        texts.append(piece.text)
    yield from _by_paragraph(side, "".join(texts))


def _by_paragraph(side: Side, text: str) -> Iterator[Run]:
    waiting: list[str] = []
    for part in re.split(r"(\s+)", text):
        if is_break(part):
            if words := "".join(waiting):
                yield Run(side, words)
            yield Run(side, part)
            waiting = []
        else:
            waiting.append(part)
    if words := "".join(waiting):
        yield Run(side, words)
