"""The corrections of a document, and telling those who were sent the mistake: asked first, then done."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from werkzeug import Response as AnyResponse

from webapp.corrections.actions import MailingError
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.corrections import actions, queries
from webapp.desk.forms import ButtonForm
from webapp.desk.writing.form_page import document_and_draft
from webapp.forms import checks_own_token
from webapp.models import Document

bp = Blueprint("corrections", __name__, url_prefix="/documents/<int:id_>/corrections")


@bp.get("")
def index(id_: int) -> str:
    document, draft = document_and_draft(id_)
    told = queries.corrections_of(document)
    return render_template("desk/corrections/index.html", document=document, draft=draft, told=told)


@bp.get("/<int:number>/mail")
def mail(id_: int, number: int) -> str:
    """To how many it could go, and one button."""
    return _asking(id_, number, ButtonForm(formdata=None))


@bp.post("/<int:number>/mail")
@checks_own_token
def have_mailed(id_: int, number: int) -> AnyResponse:
    form = ButtonForm()
    form.validate()
    document, told = _correction(id_, number)
    try:
        actions.have_mailed(signed_in_account(), document, told.correction, told.people)
    except MailingError as error:
        form.form_errors.append(str(error))
        return make_response(_asking(id_, number, form), 422)
    return redirect(url_for(".index", id_=id_), 303)


def _asking(id_: int, number: int, form: ButtonForm) -> str:
    document, told = _correction(id_, number)
    draft = document_and_draft(id_)[1]
    return render_template("desk/corrections/mail.html", document=document, draft=draft, told=told, form=form)


def _correction(id_: int, number: int) -> tuple[Document, queries.Told]:
    document, _ = document_and_draft(id_)
    told = next((one for one in queries.corrections_of(document) if one.number == number), None)
    if told is None:
        abort(404)
    return document, told
