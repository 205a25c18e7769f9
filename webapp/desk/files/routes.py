"""Documents out as files and in again: first looked at, then brought in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, send_file, url_for
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import RequestEntityTooLarge

from webapp import clock
from webapp.desk.accounts.sessions import current_session, signed_in_account
from webapp.desk.files import actions, queries, uploads
from webapp.desk.files.forms import BringInForm, UploadForm
from webapp.desk.files.plan import How, Plan, plan
from webapp.desk.files.unpacking import MAX_FILES, Sent, UnpackingError
from webapp.desk.files.uploads import Upload
from webapp.desk.forms import ButtonForm, check_button
from webapp.documents.comparison.differences import differences, in_parts
from webapp.forms import checks_own_token
from webapp.urls import Secret

bp = Blueprint("files", __name__, url_prefix="/files")

MAX_SENT_BYTES = 10 * 1024 * 1024
"""Of all files in one request, as they are sent. Everywhere else a request has 64 KiB (config.py)."""
TOO_LARGE = "Together these files have more than 10 megabytes. Send some of them at a time."


@bp.get("")
def index() -> str:
    return _index(UploadForm(formdata=None))


@bp.post("")
@checks_own_token
def look() -> AnyResponse:
    """Take files in to be looked at; nothing of the site changes."""
    try:
        form = _sent_form()
    except RequestEntityTooLarge:
        form = UploadForm(formdata=None)
        form.form_errors.append(TOO_LARGE)
        return make_response(_index(form), 413)
    if form.validate():
        sent = [Sent(file.filename or "", file.stream) for file in request.files.getlist("files") if file.filename]
        try:
            upload = uploads.receive(sent, _instance(), _owner())
        except UnpackingError as error:
            form.form_errors.append(str(error))
        except OSError as error:
            form.form_errors.append(f"The files could not be kept here: {error.strerror}. Nothing was changed.")
        else:
            return redirect(url_for(".show", token=upload.token), 303)
    return make_response(_index(form), 422)


def _sent_form() -> UploadForm:
    request.max_content_length, request.max_form_parts = MAX_SENT_BYTES, MAX_FILES + 10
    return UploadForm()


@bp.post("/documents.zip")
@checks_own_token
def download() -> AnyResponse:
    check_button()
    try:
        packed = actions.pack_documents(signed_in_account().name, _instance())
    except actions.FilesError as error:
        return make_response(_index(UploadForm(formdata=None), problem=str(error)), 507)
    return sent_as(packed, f"documents-{clock.today()}.zip", "application/zip")


@bp.get("/<secret:token>")
def show(token: Secret) -> AnyResponse:
    """What bringing these files in would change; once that is done, what came of it."""
    upload = _upload(token)
    if upload is None:
        return _gone()
    if upload.result is not None or upload.is_taken:
        return make_response(render_template("desk/files/result.html", upload=upload))
    return make_response(_plan_page(upload, plan(upload, _how())))


@bp.get("/<secret:token>/<int:number>")
def changes(token: Secret, number: int) -> AnyResponse:
    """What one of the files would change, word by word."""
    upload = _upload(token)
    if upload is None or upload.is_taken:
        return _gone()
    planned = plan(upload, _how())
    if not number < len(planned.files):
        abort(404)
    file = planned.files[number]
    file.reading.unpack()
    now = queries.text_now(file.state.document_id, of_readers=planned.how == "publish") if file.state else {}
    parts = in_parts(differences(file.reading.kind, now, file.reading.typed))
    page = render_template("desk/files/changes.html", upload=upload, plan=planned, file=file, parts=parts)
    return make_response(page)


@bp.post("/<secret:token>")
@checks_own_token
def bring_in(token: Secret) -> AnyResponse:
    form = BringInForm()
    form.validate()
    upload = _upload(token)
    if upload is None:
        return _gone()
    if upload.is_taken:
        return redirect(url_for(".show", token=token), 303)
    planned = plan(upload, _how())
    if form.seen.data != planned.fingerprint:
        return make_response(_plan_page(upload, planned, has_changed=True), 409)
    if upload.take() and (problem := _brought_in(upload, planned, replace=form.replace.data)):
        return make_response(_plan_page(upload, plan(upload, planned.how), problem=problem), 409)
    return redirect(url_for(".show", token=token), 303)


def _brought_in(upload: Upload, planned: Plan, *, replace: bool) -> str:
    """Why it could not be done; empty when it is."""
    try:
        report = actions.bring_in(signed_in_account().name, planned, replace=replace)
    except actions.FilesError as error:
        upload.give_back()
        return str(error)
    except BaseException:
        upload.give_back()
        raise
    counts = {name: getattr(report, name) for name in ("added", "updated", "unchanged", "categories", "terms")}
    upload.finish({**counts, "how": planned.how})
    return ""


@bp.post("/<secret:token>/discard")
@checks_own_token
def discard(token: Secret) -> AnyResponse:
    check_button()
    if upload := _upload(token):
        upload.discard()
    return redirect(url_for(".index", said="discarded"), 303)


def sent_as(file: IO[bytes], name: str, mimetype: str) -> AnyResponse:
    """A file that is streamed, and closed when it is sent or the reader has gone."""
    answer = send_file(file, mimetype, as_attachment=True, download_name=name, etag=False, max_age=None)
    answer.content_length = os.fstat(file.fileno()).st_size
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _how() -> How:
    return "publish" if request.args.get("how") == "publish" else "drafts"


def _instance() -> Path:
    return Path(current_app.instance_path)


def _owner() -> str:
    """What an upload belongs to: this session."""
    session = current_session()
    return session.digest if session else ""


def _upload(token: Secret) -> Upload | None:
    return uploads.find(_instance(), token, _owner())


def _gone() -> AnyResponse:
    return redirect(url_for(".index", said="gone"), 303)


def _index(form: UploadForm, problem: str = "") -> str:
    said = request.args.get("said", "")
    button = ButtonForm(formdata=None)
    return render_template("desk/files/index.html", form=form, button=button, said=said, problem=problem)


def _plan_page(upload: Upload, planned: Plan, *, has_changed: bool = False, problem: str = "") -> str:
    form = BringInForm(formdata=None, data={"seen": planned.fingerprint})
    return render_template(
        "desk/files/show.html",
        upload=upload,
        plan=planned,
        bring_in_form=form,
        button=ButtonForm(formdata=None),
        has_changed=has_changed,
        problem=problem,
    )
