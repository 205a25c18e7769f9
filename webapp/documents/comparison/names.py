"""What the owner calls each field of a document, in the order a reader meets them: the text first, then the facts.

A test holds it against the schema: a field without a name here fails there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from webapp.documents.comparison.fields import Field, in_words
from webapp.editorial.dates import PartialDate
from webapp.editorial.designs import DESIGNS
from webapp.editorial.injury import InjuryPhase
from webapp.editorial.sections import PAGE, SUMMARY, TOPIC, Kind, Section


def _date(value: object) -> str:
    try:
        return PartialDate.parse(value).words
    except ValueError:
        return in_words(value)


def _design(value: object) -> str:
    return DESIGNS[value].name if isinstance(value, str) and value in DESIGNS else in_words(value)


def _phase(value: object) -> str:
    return InjuryPhase(value).label if isinstance(value, str) and value in list(InjuryPhase) else in_words(value)


def _yes_or_no(value: object) -> str:
    return in_words(value or False)


def _value(key: str, label: str, worded: Callable[[object], str] = in_words) -> Field:
    return Field(key, label, "value", worded=worded)


def _lines(key: str, label: str, row: str, worded: Callable[[object], str] = in_words) -> Field:
    return Field(key, label, "lines", row, worded=worded)


def _rows(key: str, label: str, row: str, *parts: Field) -> Field:
    return Field(key, label, "rows", row, parts)


def _noted(key: str, label: str, text: str, *notes: Field) -> Field:
    """A text with something noted beside it; `text`: the key under which it stands then."""
    return Field(key, label, "noted", parts=(Field(text, ""), *notes))


def _part(key: str, label: str, *parts: Field) -> Field:
    return Field(key, label, "part", parts=parts)


_ROWS = {
    "key_findings": "Key finding",
    "implications": "Implication",
    "limitations": "Limitation",
    "unknown": "What nobody knows yet, point",
    "questions": "What to ask, question",
}


def _section(section: Section) -> Field:
    if section.kind in {Kind.PROSE, Kind.WHOLE}:
        return Field(section.field, section.page_title)
    parts = (Field("title", "title"), Field("text", "text")) if section.kind == Kind.TITLED else ()
    rows = _rows(section.field, section.page_title, _ROWS.get(section.field, section.page_title), *parts)
    if section.has_sources:
        return replace(rows, parts=(Field("text", ""), _SOURCE), row_shape="noted")
    return rows


_SOURCE = _noted(
    "source",
    "source",
    "where",
    _value("read", "what was read"),
    Field("place", "place in it"),
    Field("quote", "quotation"),
)
_GROUP = (
    Field("name", "name of {row}"),
    _value("people", "people in {row}"),
    _value("count", "how many of {row}"),
    _value("events", "events in {row}"),
    _value("percent", "percent of {row}"),
    _value("mean", "mean of {row}"),
    _value("spread", "SD of {row}"),
    _value("median", "median of {row}"),
    _value("change", "change in {row}"),
)
_EFFECT = (
    Field("kind", "given as"),
    _value("value", "value"),
    _value("low", "from"),
    _value("high", "to"),
    _value("p", "p"),
    _value("ours", "worked out by us", _yes_or_no),
)
_OUTCOME = (
    Field("name", "name"),
    Field("measure", "measured as"),
    _value("better", "better is"),
    _value("topic", "topic"),
    _value("role", "role"),
    Field("subgroup", "in whom"),
    Field("when", "when"),
    _rows("groups", "groups", "group", *_GROUP),
    _part("effect", "difference", *_EFFECT),
    _value("direction", "direction"),
    _value("certainty", "how sure"),
    _SOURCE,
    Field("from_study", "measured in another study"),
)
_NOTICE = (
    _value("kind", "kind"),
    _value("issued", "day", _date),
    Field("by", "by whom"),
    Field("citation", "citation"),
    _value("doi", "DOI"),
    _value("url", "address"),
    _rows("reasons", "reasons", "reason"),
)
_STUDY = (
    _part("notice", "Retraction or correction", *_NOTICE),
    Field("intervention", "What was tested"),
    Field("compared_with", "Compared with"),
    _value("participants", "Participants"),
    Field("participants_unit", "They are called"),
    Field("population", "In whom"),
    _value("analysed", "Analysed"),
    Field("subjects", "Who or what was studied"),
    Field("duration", "Study Duration"),
    Field("injury_level", "Level of the injury"),
    Field("injury_severity", "Severity of the injury"),
    _lines("injury_phases", "Time since the injury", "Time since the injury", _phase),
    _value("design", "Kind of study", _design),
    Field("kind_note", "How it was done"),
    _value("trial_phase", "Trial phase"),
    _part("in_people", "Tested in people", Field("text", "text"), _lines("summaries", "summaries", "summary")),
    _rows("outcomes", "Outcomes", "Outcome", *_OUTCOME),
    Field("harms", "Harms in one line"),
    _part("pictogram", "Picture", _value("count", "count"), _value("of", "of"), Field("words", "words")),
    Field("title", "Title of the paper"),
    _lines("authors", "Authors", "Author"),
    _value("authors_complete", "These are all authors", _yes_or_no),
    Field("journal", "Journal"),
    _value("published", "Date of the paper", _date),
    Field("citation", "Citation"),
    _value("doi", "DOI"),
    _value("pmid", "PubMed number"),
    _value("pmcid", "PubMed Central number"),
    _lines("registrations", "Registrations", "Registration"),
    _lines("countries", "Countries", "Country"),
    Field("funding", "Who paid"),
    Field("conflicts", "Conflicts of interest"),
    _rows("sources", "Sources", "Source", Field("where", "where"), Field("seen", "seen there")),
)
_TEXT = (Field("title", "Headline"), Field("description", "In short"))
_PUBLISHING = (
    Field("author", "Written by"),
    _value("date", "Published here on", _date),
    _value("lastmod", "Last checked on", _date),
    _value("slug", "Address"),
)
FIELDS: dict[str, tuple[Field, ...]] = {
    "summary": (
        *_TEXT,
        *map(_section, SUMMARY),
        Field("rests_on", "What this rests on"),
        _part("study", "", *_STUDY),
        _lines("categories", "Topics", "Topic"),
        _rows("related", "Related summaries", "Related summary", _value("summary", "summary"), Field("adds", "adds")),
        _value("support_note", "Note on support", _yes_or_no),
        Field("exception", "Why a rule is broken"),
        _value("changed_after_feedback", "Changed after what readers said", _date),
        Field("reviewer", "Checked by"),
        *_PUBLISHING,
    ),
    "topic": (
        Field("title", "Title"),
        _TEXT[1],
        _rows(
            "statements",
            "What the studies show",
            "Statement",
            Field("name", "name"),
            _value("certainty", "how sure"),
            Field("text", "text"),
            _lines("rests_on", "rests on", "summary"),
            _lines("outcomes", "what was measured", "outcome"),
        ),
        *map(_section, TOPIC),
        _value("category", "Topic"),
        Field("reviewer", "Checked by"),
        *_PUBLISHING,
    ),
    "page": (
        Field("title", "Title"),
        Field("lead", "First sentences"),
        *map(_section, PAGE),
        Field("description", "Description"),
        _value("contents", "List of headings beside it", _yes_or_no),
        *_PUBLISHING,
    ),
}


def document_of(kind: str) -> Field:
    """A whole document of a kind, as one field."""
    return _part("", "", *FIELDS[kind])
