"""Values of content as JSON: whether two are the same, what stands at a place, and content with another value there."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any, Final

from webapp.documents.problems import Loc


class Missing(Enum):
    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""What stands for a value that is not there at all; None is one that was typed."""


def written(value: Any) -> str:
    """A value as JSON, the same for the same value: True is not 1, and the order of fields says nothing."""
    return json.dumps(value, sort_keys=True)


def is_same(one: Any, other: Any) -> bool:
    if one is MISSING or other is MISSING:
        return one is other
    return written(one) == written(other)


def value_at(content: Any, loc: Loc) -> Any:
    """What stands at a place; MISSING when there is no such place."""
    for step in loc:
        if isinstance(step, int):
            there = isinstance(content, list) and step < len(content)
        else:
            there = isinstance(content, dict) and step in content
        if not there:
            return MISSING
        content = content[step]
    return content


def with_value(content: Any, loc: Loc, value: Any) -> Any:
    """The content with another value at a place, the rest as it is; MISSING takes the place out.

    A part on the way that is not there is made. A row has to be there.
    """
    if not loc:
        return value
    step, rest = loc[0], loc[1:]
    copy: Any = list(content) if isinstance(step, int) else dict(content) if isinstance(content, dict) else {}
    if rest or value is not MISSING:
        copy[step] = with_value(value_at(copy, (step,)), rest, value)
    elif value_at(copy, (step,)) is not MISSING:
        del copy[step]
    return copy
