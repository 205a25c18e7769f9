"""The preview of a document: the real page of its newest text, and whether it stands beside the form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.desk.forms import check_button
from webapp.desk.previews.actions import as_if_live
from webapp.desk.writing.findings import Findings, findings_in
from webapp.desk.writing.form_page import BESIDE, SHOWN_BY, document_and_draft
from webapp.documents.problems import InvalidDocumentError
from webapp.forms import checks_own_token
from webapp.models import Document
from webapp.security import allow_framing

bp = Blueprint("previews", __name__, url_prefix="/documents")


@bp.get("/<int:id_>/preview")
def show(id_: int) -> AnyResponse:
    """As readers would see it, with a banner; what is too incomplete to be shown is listed."""
    document, revision = document_and_draft(id_)
    findings = findings_in(document, revision.content, revision.schema_version)
    request.environ["webapp.preview"] = {
        "id": document.id,
        "is_live": document.live_revision_id == revision.id,
        "stops": len(findings.stops),
    }
    view: Any = current_app.view_functions[SHOWN_BY[document.kind]]
    try:
        with as_if_live(document, revision) as slug:
            answer = make_response(view.__wrapped__(slug=slug))  # past the cache: nobody else may get this page
    except InvalidDocumentError:
        answer = make_response(_incomplete(id_, findings), 422)
    answer.headers["X-Robots-Tag"] = "noindex"
    return allow_framing(answer)


def _incomplete(id_: int, findings: Findings) -> str:
    document: Document = document_and_draft(id_)[0]
    return render_template("desk/previews/incomplete.html", document=document, stops=findings.stops)


@bp.post("/<int:id_>/beside/<any(show,hide):what>")
@checks_own_token
def beside(id_: int, what: str) -> AnyResponse:
    """Have the preview beside the form in this browser, where there is room, or not any more."""
    check_button()
    answer = redirect(url_for("desk.writing.edit", id_=id_), 303)
    if what == "show":
        answer.set_cookie(BESIDE, "1", path="/desk", secure=request.is_secure, httponly=True, samesite="Lax")
    else:
        answer.delete_cookie(BESIDE, path="/desk", secure=request.is_secure, httponly=True, samesite="Lax")
    return answer
