"""The words of searches that we propose for the topics we ship. Nothing is asked for them before they are approved."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

from webapp.models import TrialSearch

CONDITION = "spinal cord injury"


class Words(NamedTuple):
    """What the registry is asked for."""

    condition: str
    words: str


def words_of(slug: str, search: TrialSearch | None) -> Words:
    """What the owner saved last for a topic, or else what we propose; without a proposal only the condition."""
    if search is not None:
        return Words(search.condition, search.words)
    return Words(CONDITION, _proposals().get(slug, ""))


def has_proposal(slug: str) -> bool:
    return slug in _proposals()


@cache
def _proposals() -> dict[str, str]:
    text = (files("webapp.watch.recruiting") / "proposals.yml").read_text(encoding="utf-8")
    found: dict[str, str] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (only texts)
    return found
