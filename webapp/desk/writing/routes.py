"""Writing: all documents, one form for each, its preview, its versions, and what readers see of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.writing import actions, queries, times
from webapp.desk.writing.advice import advice_on, with_wording
from webapp.desk.writing.fields import fields_of
from webapp.desk.writing.forms import BeginForm, SentenceForm, TimeForm, WritingForm
from webapp.desk.writing.problems import places_of
from webapp.desk.writing.rows import NOTHING, Press, last_press, pressed
from webapp.desk.writing.typed import content_typed
from webapp.documents.actions import ConflictError, NotPublishedError
from webapp.documents.problems import InvalidDocumentError, Problem
from webapp.documents.queries import newest_revision
from webapp.documents.schema import JsonContent
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.htmx import wants_fragment
from webapp.models import Document, Revision

bp = Blueprint("writing", __name__, url_prefix="/documents")
SHOWN_BY = {"summary": "research.show", "topic": "categories.show", "page": "pages.show"}


@bp.get("")
def index() -> str:
    return _index(BeginForm(formdata=None))


@bp.post("")
@checks_own_token
def begin() -> AnyResponse:
    form = BeginForm()
    if form.validate():
        try:
            document = actions.begin(signed_in_account(), form.kind.data, form.title.data or "")
        except actions.NewDocumentError as error:
            form.form_errors.append(str(error))
        else:
            return redirect(url_for(".edit", id_=document.id), 303)
    return make_response(_index(form), 422)


def _index(form: BeginForm) -> str:
    kind = request.args.get("kind")
    return render_template("desk/writing/index.html", rows=queries.documents(kind), kind=kind, form=form)


@bp.get("/<int:id_>")
def edit(id_: int) -> str:
    document, revision = _found(id_)
    return _form(document, revision.content, revision.number, press=last_press(request.args))


@bp.post("/<int:id_>")
@checks_own_token
def save(id_: int) -> AnyResponse:
    """Save what was typed, then do what was pressed: nothing, a row, or publish."""
    document, _ = _found(id_)
    form = WritingForm()
    form.validate()
    content, sitting = content_typed(fields_of(document.kind), request.form), form.sitting.data or ""
    base = int(form.base.data) if (form.base.data or "").isdecimal() else 0
    try:
        revision = actions.save(signed_in_account(), document, content, base=base, sitting=sitting)
    except ConflictError as conflict:
        return _conflict(document, content, conflict)
    if wants_fragment():
        return make_response(render_template("desk/writing/_saved.html", revision=revision))
    press = pressed(request.form.get("do", ""))
    if press.what == "publish":
        return _published(document, revision)
    before = queries.revision_of(document, press.revision)
    changed = with_wording(press.done_to(content, before.content if before else {}), request.form.get("do", ""))
    if changed != content:  # what was typed is a version of its own, so that a row can be put back
        actions.save(signed_in_account(), document, changed, base=revision.number, sitting=sitting)
    return redirect(press.way(url_for(".edit", id_=document.id), revision.number), 303)


def _published(document: Document, revision: Revision) -> AnyResponse:
    try:
        actions.publish(signed_in_account(), document, revision)
    except InvalidDocumentError as error:
        page = _form(document, revision.content, revision.number, problems=error.problems)
        return make_response(page, 422)
    return redirect(url_for(".edit", id_=document.id, said="published"), 303)


def _conflict(document: Document, content: JsonContent, conflict: ConflictError) -> AnyResponse:
    if wants_fragment():
        return make_response(render_template("desk/writing/_conflict.html", conflict=conflict), 409)
    return make_response(_form(document, content, conflict.theirs.number, conflict=conflict), 409)


@bp.get("/<int:id_>/preview")
def preview(id_: int) -> AnyResponse:
    """The real page of the draft, as readers would see it."""
    document, revision = _found(id_)
    view: Any = current_app.view_functions[SHOWN_BY[document.kind]]
    try:
        with actions.as_if_live(document, revision) as slug:
            answer = make_response(view.__wrapped__(slug=slug))  # past the cache: nobody else may get this page
    except InvalidDocumentError as error:
        document, revision = _found(id_)
        return make_response(_form(document, revision.content, revision.number, problems=error.problems), 422)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@bp.get("/<int:id_>/history")
def history(id_: int) -> str:
    document, _ = _found(id_)
    revisions = queries.revisions_of(document)
    return render_template(
        "desk/writing/history.html", document=document, revisions=revisions, button=ButtonForm(formdata=None)
    )


@bp.post("/<int:id_>/history/<int:number>/restore")
@checks_own_token
def restore(id_: int, number: int) -> AnyResponse:
    check_button()
    document, _ = _found(id_)
    actions.restore(signed_in_account(), document, or_404(queries.revision_of(document, number)))
    return redirect(url_for(".edit", id_=id_, said="restored"), 303)


@bp.route("/<int:id_>/<any(schedule,unschedule,unpublish,correct):what>", methods=["GET", "POST"])
@checks_own_token
def change(id_: int, what: str) -> AnyResponse:
    """What readers see changes at a time, or with a sentence of its own: first asked, then done."""
    document, revision = _found(id_)
    form: Any = {"schedule": TimeForm, "unschedule": ButtonForm}.get(what, SentenceForm)(
        **({"formdata": None} if request.method == "GET" else {})
    )
    if request.method == "POST" and form.validate() and _could_change(what, form, document, revision):
        return redirect(url_for(".edit", id_=id_, said=what), 303)
    document, revision = _found(id_)
    page = render_template("desk/writing/change.html", document=document, revision=revision, what=what, form=form)
    return make_response(page, 200 if request.method == "GET" else 422)


def _could_change(what: str, form: Any, document: Document, revision: Revision) -> bool:
    account = signed_in_account()
    try:
        match what:
            case "schedule":
                at = times.moment(form.day.data, form.time.data, form.zone.data)
                actions.schedule(account, document, revision, at)
            case "unschedule":
                actions.unschedule(account, document)
            case "unpublish":
                actions.unpublish(account, document, form.sentence.data)
            case _:
                actions.correct(account, document, revision, form.sentence.data)
    except (times.TimeError, NotPublishedError) as error:
        form.form_errors.append(str(error))
    except InvalidDocumentError as error:
        form.form_errors += [place.sentence for place in places_of(document.kind, error.problems)]
    else:
        return True
    return False


def _found(id_: int) -> tuple[Document, Revision]:
    document = or_404(queries.document_by_id(id_))
    revision = newest_revision(document)
    if revision is None:
        abort(404)
    return document, revision


def _form(
    document: Document,
    content: JsonContent,
    base: int,
    *,
    press: Press = NOTHING,
    problems: Sequence[Problem] = (),
    conflict: ConflictError | None = None,
) -> str:
    sitting = secrets.token_urlsafe(16)
    return render_template(
        "desk/writing/edit.html",
        document=document,
        fields=fields_of(document.kind),
        content=content,
        categories=queries.category_choices(),
        writing=WritingForm(formdata=None, data={"base": base, "sitting": sitting}),
        press=press,
        stops=places_of(document.kind, problems),
        advice=advice_on(content) if document.kind == "summary" else [],
        conflict=conflict,
        said=request.args.get("said", ""),
        in_words=times.in_words,
        shown_by=SHOWN_BY[document.kind],
    )
