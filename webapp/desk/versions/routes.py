"""The versions of a document: which there are, what each changed, and going back; and texts that could not be saved."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.writing import actions, queries
from webapp.desk.writing.form_page import document_and_draft, form_of
from webapp.documents.comparison.differences import differences, in_parts
from webapp.documents.comparison.joining import joined
from webapp.documents.comparison.putting_back import put_back
from webapp.documents.schema import JsonContent
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.models import Document, KeptText, Revision

bp = Blueprint("versions", __name__, url_prefix="/documents")


@bp.get("/<int:id_>/history")
def history(id_: int) -> str:
    document, _ = document_and_draft(id_)
    return render_template(
        "desk/versions/history.html",
        document=document,
        revisions=queries.revisions_of(document),
        kept_texts=queries.kept_texts(document),
        button=ButtonForm(formdata=None),
    )


@bp.get("/<int:id_>/history/<int:number>")
def changes(id_: int, number: int) -> str:
    """What a version changed."""
    document, revision, before = _with_the_one_before(id_, number)
    return render_template(
        "desk/versions/changes.html",
        document=document,
        revision=revision,
        parts=in_parts(differences(document.kind, before, revision.content)),
        button=ButtonForm(formdata=None),
    )


@bp.post("/<int:id_>/history/<int:number>/put-back/<int:part>")
@checks_own_token
def put_part_back(id_: int, number: int, part: int) -> AnyResponse:
    """One of its changes taken back, in the newest text. What both changed is shown, not saved."""
    check_button()
    document, revision, before = _with_the_one_before(id_, number)
    parts = in_parts(differences(document.kind, before, revision.content))
    if not part < len(parts):
        abort(404)
    newest = document_and_draft(id_)[1]
    both = joined(document.kind, revision.content, newest.content, put_back(before, revision.content, parts[part]))
    return make_response(form_of(document, newest, both.content, both=both, put_back=parts[part].name))


def _with_the_one_before(id_: int, number: int) -> tuple[Document, Revision, JsonContent]:
    document, _ = document_and_draft(id_)
    before, revision = (or_404(queries.revision_of(document, one)) for one in (number - 1, number))
    return document, revision, before.content


@bp.post("/<int:id_>/history/<int:number>/restore")
@checks_own_token
def restore(id_: int, number: int) -> AnyResponse:
    check_button()
    document, _ = document_and_draft(id_)
    actions.restore(signed_in_account(), document, or_404(queries.revision_of(document, number)))
    return redirect(url_for("desk.writing.edit", id_=id_, said="restored"), 303)


@bp.get("/<int:id_>/kept/<int:number>")
def kept(id_: int, number: int) -> str:
    """A text that could not be saved: what its writer had changed."""
    document, text, before = _kept_with_its_base(id_, number)
    return render_template(
        "desk/versions/kept.html",
        document=document,
        draft=document_and_draft(id_)[1],
        kept=text,
        parts=in_parts(differences(document.kind, before, text.content)),
        button=ButtonForm(formdata=None),
    )


@bp.post("/<int:id_>/kept/<int:number>/bring-back")
@checks_own_token
def bring_back(id_: int, number: int) -> AnyResponse:
    """That text and the newest made one, in the form; not saved."""
    check_button()
    document, text, before = _kept_with_its_base(id_, number)
    newest = document_and_draft(id_)[1]
    both = joined(document.kind, before, text.content, newest.content)
    return make_response(form_of(document, newest, both.content, both=both, kept=text))


@bp.route("/<int:id_>/kept/<int:number>/delete", methods=["GET", "POST"])
@checks_own_token
def forget(id_: int, number: int) -> AnyResponse:
    """Delete that text: first asked, then done."""
    document, text, _ = _kept_with_its_base(id_, number)
    if request.method == "POST":
        check_button()
        actions.forget_kept(signed_in_account(), document, text)
        return redirect(url_for(".history", id_=id_), 303)
    page = render_template("desk/versions/forget.html", document=document, kept=text, form=ButtonForm(formdata=None))
    return make_response(page)


def _kept_with_its_base(id_: int, number: int) -> tuple[Document, KeptText, JsonContent]:
    document, _ = document_and_draft(id_)
    text = or_404(queries.kept_text(document, number))
    return document, text, queries.content_written_on(document, text.base, text.base_digest)
