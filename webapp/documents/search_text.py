"""The words of a document, for the search and for finding glossary terms in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webapp.documents.schema import SummaryContent
from webapp.editorial.designs import DESIGNS
from webapp.editorial.sections import SUMMARY, fields_of, texts_of
from webapp.models import Term
from webapp.search.index import Entry

_NOTICES = {"retraction": "retraction retracted withdrawn", "correction": "correction", "": ""}


def facts_of(content: SummaryContent) -> list[str]:
    """What is told of the paper besides the prose."""
    study = content.study
    return [content.title, *filter(None, [study.title, study.population, study.subjects])]


def prose_of(content: SummaryContent) -> list[str]:
    """What the owner wrote for readers, part by part."""
    return [content.description, *texts_of(_sections(content))]


def entry_of(id_: int, content: SummaryContent, categories: Sequence[str], terms: Mapping[int, Term]) -> Entry:
    """A summary for the search; `categories` are the names of its categories, `terms` the glossary's in its texts."""
    study = content.study
    notice = _NOTICES[study.notice.kind if study.notice else ""]
    paper = [study.title, study.journal, study.doi, *study.registrations, notice]
    texts = {
        "title": content.title,
        "description": content.description,
        "categories": " ".join(categories),
        "paper": " ".join(filter(None, paper)),
        "people": " ".join([*study.authors, study.population, study.subjects, DESIGNS[study.design].name]),
        "findings": " ".join(finding.text for finding in content.key_findings),
        "body": "\n".join(texts_of(_sections(content), without="key_findings")),
    }
    names = " | ".join(name for key in sorted(terms) for name in terms[key].names)
    return Entry(id=id_, names=names, **texts)


def _sections(content: SummaryContent) -> dict[str, object]:
    return content.model_dump(include=set(fields_of(SUMMARY)))
