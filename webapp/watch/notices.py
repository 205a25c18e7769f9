"""The notice of withdrawal in the text of a summary: put in, and taken out again. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from webapp.documents.checking import RETRACTED
from webapp.documents.schema import JsonContent
from webapp.documents.study import Notice
from webapp.scholarly.updates import TAKEN_BACK, Update

PUBMED_PAGE = "https://pubmed.ncbi.nlm.nih.gov/{}/"
Kept = dict[str, str | None]
"""A notice of a service as it is kept: kind, label, doi, pmid, issued."""


def kept(notice: Update) -> Kept:
    issued = str(notice.issued) if notice.issued else None
    return {"kind": notice.kind, "label": notice.label, "doi": notice.doi, "pmid": notice.pmid, "issued": issued}


def key_of(notice: Kept) -> str:
    """The event it tells of, whoever tells."""
    kind = notice["label"] if notice["kind"] == "unknown" else notice["kind"]
    return f"{kind} {notice['doi'] or notice['pmid'] or ''}".lower()


def link_of(notice: Kept) -> str | None:
    """Where it can be read."""
    if notice["doi"]:
        return f"https://doi.org/{notice['doi']}"
    return PUBMED_PAGE.format(notice["pmid"]) if notice["pmid"] else None


def notice_of(kept_notices: Iterable[Kept]) -> JsonContent:
    """The notice of withdrawal for readers, from what the services tell. The reason no service gives."""
    told = [one for one in kept_notices if one["kind"] in TAKEN_BACK]
    told.sort(key=lambda one: (one["issued"] is None, one["doi"] is None))
    found: JsonContent = {"kind": "retraction"}
    if told:
        best = told[0]
        link = link_of(best)
        way = {"doi": best["doi"]} if best["doi"] else {"url": link} if link else {}
        for more in ({"issued": best["issued"]} if best["issued"] else {}, way):
            found = _if_valid(found | more) or found
    return found


def _if_valid(notice: JsonContent) -> JsonContent | None:
    try:
        Notice.model_validate(notice)
    except ValidationError:
        return None
    return notice


def shown_in(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The notice about the paper that a text has; empty where there is none. Of a draft: whatever was typed."""
    study = content.get("study")
    notice = study.get("notice") if isinstance(study, Mapping) else None
    return notice if isinstance(notice, Mapping) else {}


def is_withdrawn(content: Mapping[str, Any]) -> bool:
    return shown_in(content).get("kind") == "retraction"


def with_notice(content: JsonContent, notice: JsonContent) -> JsonContent:
    """The text with the notice, and a headline that begins with it. A draft that says so already stays as it is."""
    if is_withdrawn(content):
        return content
    title = content.get("title")
    if isinstance(title, str) and not title.startswith(RETRACTED):
        content = {**content, "title": RETRACTED + title}
    return _with(content, notice)


def without_notice(content: JsonContent, before: JsonContent | None) -> JsonContent:
    """The text as it was, with the notice that stood there before, if any."""
    title = content.get("title")
    if isinstance(title, str) and title.startswith(RETRACTED):
        content = {**content, "title": title.removeprefix(RETRACTED)}
    return _with(content, before)


def _with(content: JsonContent, notice: JsonContent | None) -> JsonContent:
    study = content.get("study")
    facts = {name: value for name, value in study.items() if name != "notice"} if isinstance(study, dict) else {}
    return {**content, "study": facts | ({"notice": notice} if notice else {})}
