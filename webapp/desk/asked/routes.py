"""Papers that readers asked for: which are wanted most, what is answered, and a summary that is begun with a press."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.ask import queries
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.asked import actions
from webapp.desk.asked.forms import AnswerForm
from webapp.desk.drafts.actions import WithdrawnError
from webapp.desk.drafts.actions import summarise as summarise_paper
from webapp.desk.drafts.facts import of_asked
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.paging import page_asked_for
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.scholarly.client import shared_client

bp = Blueprint("asked", __name__, url_prefix="/asked")

STATES: dict[queries.State, str] = {
    "asked": "Not answered",
    "planned": "Planned",
    "done": "Done",
    "no": "No",
    "withdrawn": "Withdrawn",
}


@bp.get("")
def index() -> str:
    """The address says which were asked for: those in one state, or all."""
    asked, page = request.args.get("state", "asked"), page_asked_for()
    state = next((one for one in STATES if one == asked), None)
    rows, has_more = queries.papers_in(state, page)
    shown: dict[str, Any] = {"state": state, "page": page, "has_more": has_more, "said": request.args.get("said", "")}
    return render_template(
        "desk/asked/index.html", rows=rows, counts=queries.counts_of_states(), states=STATES, **shown
    )


@bp.get("/<int:id_>")
def show(id_: int) -> str:
    return _show(_asked(id_), said=request.args.get("said", ""))


@bp.post("/<int:id_>")
@checks_own_token
def answer(id_: int) -> AnyResponse:
    asked, form = _asked(id_), AnswerForm()
    if not form.validate():
        return make_response(_show(asked, form), 422)
    actions.answer(signed_in_account(), asked, **form.words)
    return redirect(url_for(".show", id_=id_, said="answered"), 303)


@bp.post("/<int:id_>/summarise")
@checks_own_token
def summarise(id_: int) -> AnyResponse:
    """Pressed twice, it leads to the same draft. A paper that was withdrawn meanwhile begins none unasked."""
    check_button()
    paper, client = of_asked(_asked(id_).paper), shared_client(current_app.config)
    try:
        document = summarise_paper(signed_in_account(), paper, client, although_withdrawn="although" in request.form)
    except WithdrawnError:
        return redirect(url_for(".show", id_=id_, said="withdrawn", _anchor="writing"), 303)
    said = "taken-up" if document.first_published_at is None else "there-already"
    return redirect(url_for("desk.writing.edit", id_=document.id, said=said), 303)


@bp.route("/<int:id_>/delete", methods=["GET", "POST"])
@checks_own_token
def delete(id_: int) -> AnyResponse:
    """First asked, then done."""
    if request.method != "POST":
        return make_response(render_template("desk/asked/delete.html", asked=_asked(id_), button=_button()))
    check_button()
    if asked := queries.paper_by_id(id_):  # a second press finds it gone, which is what was wanted
        actions.delete_paper(signed_in_account(), asked)
    return redirect(url_for(".index", said="deleted"), 303)


def _asked(id_: int) -> queries.Asked:
    return or_404(queries.paper_by_id(id_))


def _button() -> ButtonForm:
    return ButtonForm(formdata=None)


def _show(asked: queries.Asked, form: AnswerForm | None = None, *, said: str = "") -> str:
    form = form or AnswerForm(formdata=None, data=_answered(asked))
    draft = queries.draft_of(asked)
    return render_template(
        "desk/asked/show.html", asked=asked, draft=draft, form=form, button=_button(), states=STATES, said=said
    )


def _answered(asked: queries.Asked) -> dict[str, Any]:
    """The answer as it stands."""
    paper = asked.paper
    is_by_key = asked.summary is not None and asked.summary.key == paper.summary_key
    return {
        "answer": "done" if is_by_key else paper.answer or "asked",
        "sentence": paper.sentence,
        "summary": paper.summary_key if is_by_key else "",
    }
