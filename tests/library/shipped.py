"""The texts that come with the site, and the facts of their studies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.conftest import STARTER
from webapp.documents.schema import SummaryContent, TopicContent
from webapp.library.files import read

FACTS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((STARTER / "facts").glob("*.json"))
}
READINGS = {path.stem: read(path) for path in sorted((STARTER / "summaries").glob("*.md"))}
KEYS = sorted(READINGS)
TOPICS = {path.stem: read(path) for path in sorted((STARTER / "topics").glob("*.md"))}

# What vouches for no result: what nobody verified, where it was read, and numbers that are names or dates.
NO_SUPPORT = {
    "unverified", "sources", "doi", "pmid", "pmcid", "citation_detail", "urls", "url", "trial_registration",
    "publication_date", "ocebm_2011_suggested", "ocebm_reason"
}  # fmt: skip
NO_SUPPORT_IN_NOTICE = {"citation", "doi", "pmid", "pmcid", "url"}
_WHERE = {"seen", "id", "url"}
"""Where a part of the facts was read, and of which study it is: addresses and names."""


def summary_of(key: str) -> SummaryContent:
    summary = READINGS[key].content
    assert isinstance(summary, SummaryContent), [str(fault) for fault in READINGS[key].diagnostics]
    return summary


def topic_of(category: str) -> TopicContent:
    topic = TOPICS[category].content
    assert isinstance(topic, TopicContent), [str(fault) for fault in TOPICS[category].diagnostics]
    return topic


def keys_where(field: str, *wanted: object) -> list[str]:
    """Of those that can be read at all: the others fail where they are asked for."""
    contents = {key: READINGS[key].content for key in KEYS}
    return [
        key for key, one in contents.items() if isinstance(one, SummaryContent) and getattr(one.study, field) in wanted
    ]


def prose_of(summary: SummaryContent) -> dict[str, str]:
    """Everything a reader takes for a result."""
    study = summary.study
    return summary.prose() | {
        "title": summary.title,
        "population": study.population,
        "compared_with": study.compared_with,
        "duration": study.duration or "",
        "harms of the study": study.harms or "",
        "injury_level": study.injury_level or "",
        "injury_severity": study.injury_severity or "",
    }


def texts_in(value: object) -> Iterator[str]:
    """Every text and number in facts, however deep, but where they were read."""
    if isinstance(value, dict):
        value = [part for name, part in value.items() if name not in _WHERE]
    if isinstance(value, list):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def support_of(facts: dict[str, Any]) -> list[str]:
    """The texts whose numbers a summary may use; how many groups there were may be counted."""
    kept = {name: value for name, value in facts.items() if name not in NO_SUPPORT}
    notice = {name: value for name, value in facts.get("notice", {}).items() if name not in NO_SUPPORT_IN_NOTICE}
    return [*texts_in(kept | {"notice": notice}), str(len(facts.get("participants_detail", [])))]
