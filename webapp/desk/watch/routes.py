"""What became of the papers of summaries, and what the owner decides about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.corrections.queries import corrections_of
from webapp.desk.forms import ButtonForm
from webapp.desk.paging import page_asked_for
from webapp.desk.watch import actions
from webapp.desk.writing.queries import document_by_id
from webapp.documents.problems import InvalidDocumentError
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.watch import queries
from webapp.watch.actions import NotWatchedError
from webapp.watch.answers import SERVICES
from webapp.watch.notices import link_of

bp = Blueprint("watch", __name__, url_prefix="/watch")
PER_PAGE = 25
STATES = {
    "unchecked": "Not checked yet",
    "clear": "No notice found",
    "corrected": "Corrected",
    "concern": "A concern was raised",
    "retracted": "Withdrawn",
}
ASKS = {
    "retracted": "The notice is up. Please look at it.",
    "missing": "Our page does not say so. Does the notice go up?",
    "gone": "Our notice is up, and nobody tells of a withdrawal any more. Does it stay?",
    "notices": "There is a notice to look at.",
}


@bp.get("")
def index() -> str:
    is_everything, page = request.args.get("show") == "all", page_asked_for()
    rows, has_more = queries.watched_papers(page, PER_PAGE, is_everything=is_everything)
    asked = {"is_everything": is_everything, "page": page, "has_more": has_more, "said": request.args.get("said", "")}
    waiting, looks = queries.asking_papers().number, queries.last_looks()
    return render_template("desk/watch/index.html", rows=rows, waiting=waiting, looks=looks, **asked, **_words())


@bp.get("/<int:id_>")
def show(id_: int) -> str:
    return _page("show", _watched(id_), ButtonForm(formdata=None))


@bp.post("/<int:id_>")
@checks_own_token
def settle(id_: int) -> AnyResponse:
    """What there is was looked at, and the page for readers stays as it is. Pressed twice, it is so all the same."""
    form, watched = ButtonForm(), _watched(id_)
    form.validate()
    try:
        actions.settle(signed_in_account(), watched)
    except NotWatchedError as error:
        return _refused("show", watched, form, error)
    return redirect(url_for(".index", said="settled"), 303)


@bp.route("/<int:id_>/notice/<any(down,up):what>", methods=["GET", "POST"])
@checks_own_token
def change(id_: int, what: str) -> AnyResponse:
    """First asked, then done."""
    watched = _watched(id_)
    if request.method != "POST":
        return make_response(_page(f"notice_{what}", watched, ButtonForm(formdata=None)))
    form = ButtonForm()
    form.validate()
    act = actions.take_notice_down if what == "down" else actions.put_notice_up
    try:
        act(signed_in_account(), watched)
    except (NotWatchedError, InvalidDocumentError) as error:
        return _refused(f"notice_{what}", watched, form, error)
    return redirect(url_for(".show", id_=id_, said=what), 303)


def _watched(id_: int) -> queries.Watched:
    return or_404(queries.watched_paper(id_))


def _refused(page: str, watched: queries.Watched, form: ButtonForm, error: Exception) -> AnyResponse:
    form.form_errors.append(str(error))
    return make_response(_page(page, _watched(watched.summary.document_id), form), 422)


def _page(name: str, watched: queries.Watched, form: ButtonForm) -> str:
    document = or_404(document_by_id(watched.summary.document_id))
    told = next((one for one in corrections_of(document) if one.correction.of_paper), None)
    answers = queries.answers_resting_on(document) if watched.summary.study.is_retracted else []
    return render_template(
        f"desk/watch/{name}.html",
        watched=watched,
        summary=watched.summary,
        document=document,
        told=told,
        resting=answers,
        form=form,
        said=request.args.get("said", ""),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"states": STATES, "asks": ASKS, "services": SERVICES, "link_of": link_of}
