"""What a page must say at once where a treatment is risky to stop, or an emergency is near.

The notices are short; each leads to the steps on /disclaimer. What they say is taken from the safety notes
this project keeps of its sources: the US label of baclofen, and the Consortium for Spinal Cord Medicine's guide
to autonomic dysreflexia.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class SafetyNotice:
    """One thing readers must know at once, and the words in a text that call for it."""

    anchor: str
    """The id of its section on /disclaimer."""
    title: str
    text: str
    link_text: str
    pattern: re.Pattern[str]
    topics: frozenset[str] = frozenset()
    """Slugs of the categories it belongs to, whatever their texts say."""


SAFETY_NOTICES = (
    SafetyNotice(
        anchor="dysreflexia",
        title="Pounding headache, or blood pressure far above your usual?",
        text=(
            "After an injury at T6 or above this can be autonomic dysreflexia, an emergency. "
            "Sit up, loosen what is tight, and check the bladder."
        ),
        link_text="First steps for autonomic dysreflexia",
        pattern=re.compile(r"dysreflexi|pounding head|high blood pressure|^\s*ad\s*$", re.IGNORECASE),
        topics=frozenset({"heart-and-blood-pressure"}),
    ),
    SafetyNotice(
        anchor="baclofen",
        title="Never stop baclofen suddenly",
        text=(
            "If tablets stop at once, or a pump runs empty or fails, the danger is great: high fever, confusion, "
            "fits, very strong spasms, and in rare cases death. If it has stopped, get emergency help."
        ),
        link_text="Signs that baclofen has stopped, and what to do",
        pattern=re.compile(r"baclofen|lioresal|spasm pump", re.IGNORECASE),
        topics=frozenset({"spasticity"}),
    ),
)


def notices_for(*texts: str | None, topic: str = "") -> list[SafetyNotice]:
    """The notices that any of these texts calls for, or that belong to a category's slug; in their fixed order."""
    return [
        notice
        for notice in SAFETY_NOTICES
        if topic in notice.topics or any(text and notice.pattern.search(text) for text in texts)
    ]
