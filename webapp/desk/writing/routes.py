"""Writing: all documents, one form for each, its preview, its versions, and what readers see of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.corrections.queries import corrections_of
from webapp.desk.writing import actions, queries
from webapp.desk.writing.advice import with_wording, without_wording
from webapp.desk.writing.changes import FORMS, asked_of, change_readers_see
from webapp.desk.writing.fields import asked_apart, fields_of
from webapp.desk.writing.findings import findings_in, shown_places
from webapp.desk.writing.form_page import SHOWN_BY, document_and_draft, form_of
from webapp.desk.writing.forms import BeginForm, WritingForm
from webapp.desk.writing.problems import id_of, path_at
from webapp.desk.writing.rows import NOTHING, Press, last_press, pressed
from webapp.desk.writing.typed import content_typed
from webapp.documents.actions import ConflictError
from webapp.documents.comparison.joining import joined
from webapp.documents.moving import MoveError
from webapp.documents.problems import InvalidDocumentError
from webapp.documents.schema import JsonContent
from webapp.forms import checks_own_token
from webapp.htmx import wants_fragment
from webapp.models import Document, Revision

bp = Blueprint("writing", __name__, url_prefix="/documents")
MOST_PAGES = 10_000
MAX_BYTES = 512 * 1024
"""Of a post of somebody who is signed in: many times the longest text that ships, in any script. Readers send 64 KB."""
MOST_TYPED = 256 * 1024
"""Bytes of a form whose text is kept. A longer one is shown again as long as it can be read at all (`MAX_BYTES`)."""


@bp.before_request
def take_long_texts() -> None:
    """After the guard: of nobody else."""
    request.max_content_length = request.max_form_memory_size = MAX_BYTES


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
    kind, words = request.args.get("kind"), request.args.get("q", "").strip()
    state = "ready" if request.args.get("state") == "ready" else None
    page = min(max(request.args.get("page", 1, int), 1), MOST_PAGES)
    rows, has_more = queries.documents(kind, words, page, is_ready=state == "ready")
    asked = {"kind": kind, "words": words, "state": state, "page": page}
    return render_template("desk/writing/index.html", rows=rows, has_more=has_more, form=form, **asked)


@bp.get("/<int:id_>")
def edit(id_: int) -> str:
    document, revision = document_and_draft(id_)
    return form_of(document, revision, press=last_press(request.args))


@bp.post("/<int:id_>")
@checks_own_token
def save(id_: int) -> AnyResponse:
    """Save what was typed, then do what was pressed: nothing, a row, a mark, or publish."""
    document, _ = document_and_draft(id_)
    form = WritingForm()
    form.validate()
    content, sitting = content_typed(fields_of(document.kind), request.form), form.sitting.data or ""
    base, digest = form.written_on
    if (request.content_length or 0) > MOST_TYPED:
        return _too_long(document, content)
    try:
        revision = actions.save(signed_in_account(), document, content, base=base, digest=digest, sitting=sitting[:40])
    except ConflictError as conflict:
        return _conflict(document, queries.content_written_on(document, base, digest), conflict)
    except actions.NotWrittenError as error:
        return _not_written(id_, content, error)
    if wants_fragment():
        return make_response(_saved(document, revision))
    return _done(document, revision, request.form.get("do", ""))


def _done(document: Document, revision: Revision, do: str) -> AnyResponse:
    """What was pressed, done to the text that was just saved."""
    if do == "look-up" and document.kind == "summary":
        return _looked_up(document, revision)
    press = pressed(do)
    if press.what == "publish":
        return _published(document, revision)
    if press.what in {"ready", "not-ready"}:
        return redirect(url_for(".edit", id_=document.id, said=_marked(press.what, document, revision)), 303)
    return _changed(document, revision, press, do)


def _changed(document: Document, revision: Revision, press: Press, do: str) -> AnyResponse:
    """Do to the text that was just saved what a button beside a row, or beside advice, says."""
    changed, way = _after(document, revision, press, do)
    if changed != revision.content:  # what was typed is a version of its own, so that a row can be put back
        last = (revision.number, revision.digest)
        try:
            actions.save(signed_in_account(), document, changed, base=last[0], digest=last[1], sitting=None)
        except ConflictError as conflict:
            return _conflict(document, revision.content, conflict)
        except actions.NotWrittenError as error:
            return _not_written(document.id, changed, error)
    return redirect(way, 303)


def _marked(what: str, document: Document, revision: Revision) -> str:
    """Say that a text is ready to be looked at, or take it back; which of these the page then says."""
    if what == "ready":
        return "ready" if actions.mark_ready(signed_in_account(), document, revision) else "seen"
    actions.unmark_ready(signed_in_account(), document, revision)
    return "not-ready"


def _too_long(document: Document, content: JsonContent) -> AnyResponse:
    """Not saved; all that was typed still stands in the form."""
    if wants_fragment():
        abort(413)
    return make_response(form_of(document, document_and_draft(document.id)[1], content, is_too_long=True), 413)


def _not_written(id_: int, content: JsonContent, error: actions.NotWrittenError) -> AnyResponse:
    """The database took nothing; all that was typed still stands in the form. While typing a sentence says so."""
    if wants_fragment():
        raise error.why
    current_app.logger.error("A text was not saved: %s", error.why.orig)
    document, newest = document_and_draft(id_)
    return make_response(form_of(document, newest, content, is_unwritten=True), 507)


def _saved(document: Document, revision: Revision) -> str:
    """What is said of a save while typing: when it was, and what is found in the text now."""
    fields, _ = asked_apart(document.kind, revision.content)
    return render_template(
        "desk/writing/_saved.html",
        revision=revision,
        fields=fields,
        findings=findings_in(document, revision.content, revision.schema_version),
        places=shown_places(fields, request.form),
    )


def _after(document: Document, revision: Revision, press: Press, do: str) -> tuple[JsonContent, str]:
    """The content after a press of a button, and where the page stands then."""
    url, content = url_for(".edit", id_=document.id), revision.content
    worded, loc = with_wording(content, do) if document.kind == "summary" else (content, ())
    if loc:
        place = id_of(path_at(document.kind, loc))
        return worded, f"{url}?worded={revision.number}&at={place}#{place}"
    if do.startswith("unword:"):
        return without_wording(document, content, do), f"{url}?said=unworded"
    before = queries.revision_of(document, press.revision)
    done = press.done_to(content, before.content if before else {})
    if press.what == "join" and done == content:
        press = NOTHING  # there was nothing to join any more
    return done, press.way(url, revision.number)


def _looked_up(document: Document, revision: Revision) -> AnyResponse:
    from webapp.desk.writing.lookup import look_up  # here: what asks services is slow to load
    from webapp.scholarly.client import shared_client

    said = look_up(revision.content, shared_client(current_app.config))
    return make_response(form_of(document, revision, said.content, looked_up=said))


def _published(document: Document, revision: Revision) -> AnyResponse:
    try:
        actions.publish(signed_in_account(), document, revision)
    except InvalidDocumentError as error:
        return make_response(form_of(document, revision, problems=error.problems), 422)
    except MoveError:
        return redirect(url_for(".change", id_=document.id, what="publish"), 303)
    return redirect(url_for(".edit", id_=document.id, said="publish"), 303)


def _conflict(document: Document, base: JsonContent, conflict: ConflictError) -> AnyResponse:
    """Both texts made one, not saved yet, with what both changed side by side."""
    theirs = conflict.theirs
    if wants_fragment():
        return make_response(render_template("desk/writing/_conflict.html", theirs=theirs), 409)
    both = joined(document.kind, base, conflict.mine, theirs.content)
    return make_response(form_of(document, theirs, both.content, both=both), 409)


@bp.route("/<int:id_>/<any(publish,schedule,unschedule,unpublish,correct):what>", methods=["GET", "POST"])
@checks_own_token
def change(id_: int, what: str) -> AnyResponse:
    """What readers see changes, now or at a time, or with a sentence of its own: first asked, then done."""
    document, revision = document_and_draft(id_)
    if request.method != "POST":
        return make_response(_asking(id_, what, FORMS[what](formdata=None)))
    form = FORMS[what]()
    if form.validate() and change_readers_see(what, form, signed_in_account(), document, revision):
        return redirect(_way_after(what, form, document), 303)
    return make_response(_asking(id_, what, form), 422)


def _way_after(what: str, form: Any, document: Document) -> str:
    """After the correction of a summary stands the question whether those who were sent the mistake are to be told.

    A time is said in the zone in which it was typed.
    """
    if what == "correct" and document.kind == "summary":
        number = len(corrections_of(document))
        return url_for("desk.corrections.mail", id_=document.id, number=number, said=what)
    zone = form.zone.data if what == "schedule" else None
    return url_for(".edit", id_=document.id, said=what, zone=zone)


def _asking(id_: int, what: str, form: Any) -> str:
    document, revision = document_and_draft(id_)
    return render_template(
        "desk/writing/change.html",
        document=document,
        revision=revision,
        what=what,
        form=form,
        move=asked_of(form, document, revision),
        shown_by=SHOWN_BY[document.kind],
    )
