"""Writing: all documents, one form for each, its preview, its versions, and what readers see of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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
from webapp.documents.comparison.differences import differences, in_parts
from webapp.documents.comparison.joining import Joined, joined
from webapp.documents.comparison.putting_back import put_back as with_put_back
from webapp.documents.comparison.reading import paragraphs
from webapp.documents.problems import InvalidDocumentError, Problem
from webapp.documents.queries import newest_revision
from webapp.documents.schema import JsonContent
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.htmx import wants_fragment
from webapp.models import Document, Revision

if TYPE_CHECKING:
    from webapp.desk.writing.lookup import Found

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
    return _form(document, revision, press=last_press(request.args))


@bp.post("/<int:id_>")
@checks_own_token
def save(id_: int) -> AnyResponse:
    """Save what was typed, then do what was pressed: nothing, a row, or publish."""
    document, _ = _found(id_)
    form = WritingForm()
    form.validate()
    content, sitting = content_typed(fields_of(document.kind), request.form), form.sitting.data or ""
    base, digest = form.written_on
    try:
        revision = actions.save(signed_in_account(), document, content, base=base, digest=digest, sitting=sitting[:40])
    except ConflictError as conflict:
        return _conflict(document, queries.content_written_on(document, base, digest), conflict)
    if wants_fragment():
        return make_response(render_template("desk/writing/_saved.html", revision=revision))
    if request.form.get("do") == "look-up" and document.kind == "summary":
        return _looked_up(document, revision)
    press = pressed(request.form.get("do", ""))
    if press.what == "publish":
        return _published(document, revision)
    before = queries.revision_of(document, press.revision)
    changed = with_wording(press.done_to(content, before.content if before else {}), request.form.get("do", ""))
    if changed != content:  # what was typed is a version of its own, so that a row can be put back
        last = (revision.number, revision.digest)
        actions.save(signed_in_account(), document, changed, base=last[0], digest=last[1], sitting=None)
    return redirect(press.way(url_for(".edit", id_=document.id), revision.number), 303)


def _looked_up(document: Document, revision: Revision) -> AnyResponse:
    from webapp.desk.writing.lookup import look_up  # here: what asks services is slow to load
    from webapp.scholarly.client import shared_client

    found = look_up(revision.content, shared_client(current_app.config))
    return make_response(_form(document, revision, found.content, found=found))


def _published(document: Document, revision: Revision) -> AnyResponse:
    try:
        actions.publish(signed_in_account(), document, revision)
    except InvalidDocumentError as error:
        return make_response(_form(document, revision, problems=error.problems), 422)
    return redirect(url_for(".edit", id_=document.id, said="published"), 303)


def _conflict(document: Document, base: JsonContent, conflict: ConflictError) -> AnyResponse:
    """Both texts made one, not saved yet, with what both changed side by side."""
    theirs = conflict.theirs
    if wants_fragment():
        return make_response(render_template("desk/writing/_conflict.html", theirs=theirs), 409)
    both = joined(document.kind, base, conflict.mine, theirs.content)
    return make_response(_form(document, theirs, both.content, both=both), 409)


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
        return make_response(_form(document, revision, problems=error.problems), 422)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@bp.get("/<int:id_>/history")
def history(id_: int) -> str:
    document, _ = _found(id_)
    revisions = queries.revisions_of(document)
    return render_template(
        "desk/writing/history.html", document=document, revisions=revisions, button=ButtonForm(formdata=None)
    )


@bp.get("/<int:id_>/history/<int:number>")
def changes(id_: int, number: int) -> str:
    """What a version changed."""
    document, revision, before = _with_the_one_before(id_, number)
    return render_template(
        "desk/writing/changes.html",
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
    newest = _found(id_)[1]
    both = joined(document.kind, revision.content, newest.content, with_put_back(before, revision.content, parts[part]))
    return make_response(_form(document, newest, both.content, both=both, put_back=parts[part].name))


def _with_the_one_before(id_: int, number: int) -> tuple[Document, Revision, JsonContent]:
    document, _ = _found(id_)
    before, revision = (or_404(queries.revision_of(document, one)) for one in (number - 1, number))
    return document, revision, before.content


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
    revision: Revision,
    content: JsonContent | None = None,
    *,
    press: Press = NOTHING,
    problems: Sequence[Problem] = (),
    both: Joined | None = None,
    put_back: str = "",
    found: Found | None = None,
) -> str:
    """The form on top of this revision: with its text, or with `content`, which is not saved."""
    content = revision.content if content is None else content
    written_on = {"base": revision.number, "digest": revision.digest, "sitting": secrets.token_urlsafe(16)}
    return render_template(
        "desk/writing/edit.html",
        document=document,
        fields=fields_of(document.kind),
        content=content,
        categories=queries.category_choices(),
        writing=WritingForm(formdata=None, data=written_on),
        press=press,
        stops=places_of(document.kind, problems),
        advice=advice_on(content) if document.kind == "summary" else [],
        both=both,
        put_back=put_back,
        found=found,
        theirs=revision,
        paragraphs=paragraphs,
        said=request.args.get("said", ""),
        in_words=times.in_words,
        shown_by=SHOWN_BY[document.kind],
    )
