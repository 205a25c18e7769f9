"""The page with the form of a document, as all that leads to it show it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import abort, render_template, request

from webapp.desk.forms import ButtonForm
from webapp.desk.writing import queries, times
from webapp.desk.writing.fields import asked_apart
from webapp.desk.writing.findings import findings_in, lifted_by_exception
from webapp.desk.writing.forms import WritingForm
from webapp.desk.writing.rows import NOTHING, Press
from webapp.desk.writing.typed import MAX_ROWS
from webapp.documents.comparison.joining import Joined
from webapp.documents.comparison.reading import paragraphs
from webapp.documents.problems import Problem
from webapp.documents.queries import newest_revision
from webapp.documents.schema import VERSION, JsonContent
from webapp.editorial.pasted import is_broken
from webapp.errors import or_404
from webapp.models import Document, KeptText, Revision

if TYPE_CHECKING:
    from webapp.desk.writing.lookup import Found

BESIDE = "desk-beside"
"""The cookie of a browser that has the preview beside the form."""
SHOWN_BY = {"summary": "research.show", "topic": "categories.show", "page": "pages.show"}
"""The view that shows readers a document of a kind."""


def document_and_draft(id_: int) -> tuple[Document, Revision]:
    """The document with this id and its newest text; the 404 page where there is none."""
    document = or_404(queries.document_by_id(id_))
    revision = newest_revision(document)
    if revision is None:
        abort(404)
    return document, revision


def form_of(
    document: Document,
    revision: Revision,
    content: JsonContent | None = None,
    *,
    press: Press = NOTHING,
    problems: Sequence[Problem] = (),
    both: Joined | None = None,
    put_back: str = "",
    kept: KeptText | None = None,
    looked_up: Found | None = None,
    is_too_long: bool = False,
    is_unwritten: bool = False,
) -> str:
    """The form on top of this revision: with its text, or with `content`, which is not saved."""
    version = revision.schema_version if content is None else VERSION
    content = revision.content if content is None else content
    abstract = looked_up.abstract if looked_up else ""
    findings = findings_in(document, content, version, also=problems, abstract=abstract)
    fields, exception = asked_apart(document.kind, content)
    written_on = {"base": revision.number, "digest": revision.digest, "sitting": secrets.token_urlsafe(16)}
    return render_template(
        "desk/writing/edit.html",
        document=document,
        fields=fields,
        exception=exception,
        offers_exception=bool(content.get("exception")) or any(one.is_excusable for one in findings.stops),
        lifted=lifted_by_exception(document, content, version) if content.get("exception") else [],
        content=content,
        categories=queries.category_choices(content.get("categories")),
        writing=WritingForm(formdata=None, data=written_on),
        press=press,
        findings=findings,
        refused=bool(problems),
        beside=BESIDE in request.cookies,
        button=ButtonForm(formdata=None),
        both=both,
        put_back=put_back,
        kept=kept,
        found=looked_up,
        theirs=revision,
        paragraphs=paragraphs,
        is_broken=is_broken,
        most_rows=MAX_ROWS,
        is_too_long=is_too_long,
        is_unwritten=is_unwritten,
        said=request.args.get("said", ""),
        worded=request.args.get("worded", 0, int),
        worded_at=request.args.get("at", ""),
        in_words=times.in_words,
        zone=times.zone_or_utc(request.args.get("zone", "")),
        shown_by=SHOWN_BY[document.kind],
        is_ready=queries.is_ready,
    )
