"""A summary as a file and as rows of the database: the two say the same."""

from __future__ import annotations

import hashlib
import json

from slugify import slugify

from webapp.editorial import readability
from webapp.editorial.sections import FIELDS
from webapp.library.schema import FrontMatter, SummaryFile
from webapp.library.schema import Study as StudySchema
from webapp.models import Category, CategoryLink, Summary

_PAGE = (
    "title",
    "description",
    "author",
    "reviewer",
    "related",
    "support_note",
    "exception",
    "rests_on",
    "changed_after_feedback",
)


def slug_of_title(title: str) -> str:
    """The slug of a title: lower-case words and hyphens, at most 70 characters, cut at a word."""
    return slugify(title, max_length=70, word_boundary=True, save_order=True) or "untitled"


def slug_of(front: FrontMatter) -> str:
    """The slug of a summary: its own `slug`, or that of the paper's title."""
    return front.slug or slug_of_title(front.study.title)


def digest_of(file: SummaryFile) -> str:
    """The same for the same summary, wherever it is kept and however its file is laid out."""
    if file.front.slug == slug_of_title(file.front.study.title):  # written out or not, it says nothing
        file = file.model_copy(update={"front": file.front.model_copy(update={"slug": None})})
    values = json.dumps(file.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    return hashlib.blake2b(values.encode(), digest_size=16).hexdigest()


def fill(summary: Summary, file: SummaryFile, categories: dict[str, Category], digest: str) -> None:
    """Set every column of a summary from its file."""
    front, slug = file.front, slug_of(file.front)
    summary.slug, summary.loaded_digest = slug, digest
    summary.published_on, summary.checked_on, summary.is_draft = front.date, front.lastmod, front.draft
    for name in _PAGE:
        setattr(summary, name, getattr(front, name))
    for name, value in file.model_dump(include=set(FIELDS)).items():
        setattr(summary, name, value)
    summary.reading_grade = readability.grade(file.simple_explanation)
    study = front.study.model_dump(mode="json") | {"published": front.study.published}
    for name, value in study.items():
        setattr(summary.study, name, value)
    linked = {link.category.slug: link for link in summary.category_links} if summary.id else {}
    links = [linked.get(name) or CategoryLink(categories[name]) for name in front.categories]
    for position, link in enumerate(links):
        link.position = position
    summary.category_links = links


def as_file(summary: Summary) -> SummaryFile:
    """A summary of the database as a file; study and categories must be loaded."""
    study = {name: getattr(summary.study, name) for name in StudySchema.model_fields}
    front = {name: getattr(summary, name) for name in _PAGE} | {
        "slug": summary.slug if summary.slug != slug_of_title(summary.study.title) else None,
        "date": summary.published_on,
        "lastmod": summary.checked_on,
        "draft": summary.is_draft,
        "categories": [category.slug for category in summary.categories],
        "study": study,
    }
    sections = {name: getattr(summary, name) for name in FIELDS}
    return SummaryFile.model_validate({"key": summary.key, "front": front, **sections})
