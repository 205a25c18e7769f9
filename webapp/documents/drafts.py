"""A draft: content that is not complete or valid yet, read as far as it is, and what stops it from being published."""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy.orm import Session

from webapp.documents import queries
from webapp.documents.checking import problems_in, summaries_named_in, unknown_names
from webapp.documents.origin import Noted
from webapp.documents.problems import InvalidDocumentError, Problem, problems_of
from webapp.documents.publishing import refuse_twins
from webapp.documents.schema import KINDS, VERSION, Content, JsonContent, NewerContentError, upgraded
from webapp.models import Document


def stops_of(session: Session, document: Document, content: JsonContent, version: int = VERSION) -> list[Problem]:
    """Everything that would keep this text from being published now: its shape, its wording, what it names."""
    try:
        found = shape_problems(document.kind, content, version)
    except NewerContentError as error:
        return [Problem(("schema",), str(error), "Update this site first")]
    draft = draft_of(document.kind, upgraded(content, version))
    further = [*problems_in(draft, version), *names_unknown(document, draft)]
    found += [problem for problem in further if not _is_told(problem, found)]
    if not found:
        try:
            refuse_twins(session, document, draft)
        except InvalidDocumentError as error:
            found += error.problems
    return found


def _is_told(problem: Problem, found: list[Problem]) -> bool:
    """Whether something is wrong at its place, or within it, already."""
    return any(one.loc[: len(problem.loc)] == problem.loc for one in found)


def shape_problems(kind: str, content: JsonContent, version: int = VERSION) -> list[Problem]:
    """What is missing or is not what its field takes. Raises NewerContentError."""
    try:
        KINDS[kind].model_validate(upgraded(content, version))
    except ValidationError as error:
        return problems_of(error, KINDS[kind])
    return []


def names_unknown(document: Document, content: Content) -> list[Problem]:
    """Categories and summaries that it names and that are not there."""
    named = {key for _, key in summaries_named_in(content)}
    return unknown_names(content, queries.category_slugs(), queries.summary_keys(document.language, named))


def draft_of(kind: str, content: Mapping[str, Any]) -> Content:
    """What of the content is as it has to be. A text that is missing is empty; the rest is None or left out.

    Rows of prose keep their places, whole or not. Of facts only whole rows count: results are worked out from them.
    """
    return _built(KINDS[kind], content)  # type: ignore[return-value]


def _built(shape: type[BaseModel], content: Any) -> BaseModel:
    values = content if isinstance(content, Mapping) else {shape.alone: content} if issubclass(shape, Noted) else {}
    found = {name: _value(shape, name, info, values.get(name)) for name, info in shape.model_fields.items()}
    return shape.model_construct(None, **found)


def _value(shape: type[BaseModel], name: str, info: FieldInfo, value: Any) -> Any:
    if value is not None:
        try:
            return _reader(shape, name).validate_python(value)
        except ValidationError:
            pass
    part, is_list = _part_of(info.annotation)
    if is_list:
        rows = value if isinstance(value, list) else []
        if part is None:
            return [row for row in rows if _is_text(row)]
        return [_built(part, row) for row in rows if issubclass(shape, Content) or _is_whole(part, row)]
    if part and (value is not None or info.is_required()):
        return _built(part, value)
    if not info.is_required():
        return info.get_default(call_default_factory=True)
    return value if _is_text(value) else ""


def _is_whole(part: type[BaseModel], row: Any) -> bool:
    try:
        part.model_validate(row)
    except ValidationError:
        return False
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str)


@cache
def _reader(shape: type[BaseModel], name: str) -> TypeAdapter[Any]:
    info = shape.model_fields[name]
    return TypeAdapter(info.rebuild_annotation())


def _part_of(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The schema of a field, if it has one, and whether it is a list."""
    if hasattr(annotation, "__metadata__"):
        return _part_of(annotation.__origin__)
    if get_origin(annotation) in {Union, types.UnionType}:
        [one] = [part for part in get_args(annotation) if part is not type(None)]
        return _part_of(one)
    if get_origin(annotation) is list:
        return _part_of(get_args(annotation)[0])[0], True
    return (annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None), False
