"""What the registry says of the trials that summaries name."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.paging import page_asked_for
from webapp.desk.trials import actions
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.models import WatchedTrial
from webapp.scholarly.client import shared_client
from webapp.scholarly.trials import STATUSES
from webapp.watch.trials import queries
from webapp.watch.trials.standing import shown

bp = Blueprint("trials", __name__, url_prefix="/watch/trials")
PER_PAGE = 25
ASKS = {
    "missing": "Please look at the number in the summary: is it right?",
    "moved": "Please look at the number in the summary: is it right?",
    "unknown": "Readers see what it said before. Whoever looks after the program can teach it the new word.",
    "silent": "There was no answer that can be read for two weeks. Readers see the day of the last one.",
}


@bp.get("")
def index() -> str:
    page = page_asked_for()
    rows, has_more = queries.watched_trials(page, PER_PAGE)
    return render_template(
        "desk/trials/index.html",
        rows=rows,
        page=page,
        has_more=has_more,
        waiting=queries.asking_trials().how_many,
        look=queries.last_look(),
        said=request.args.get("said", ""),
        told=_told,
        asks=ASKS,
    )


@bp.get("/<int:number>")
def show(number: int) -> str:
    watched = _watched(number)
    return render_template(
        "desk/trials/show.html",
        watched=watched,
        trial=watched.trial,
        number=number,
        changes=queries.changes_of(watched.number),
        form=ButtonForm(formdata=None),
        said=request.args.get("said", ""),
        told=_told,
        statuses=STATUSES,
        asks=ASKS,
    )


@bp.post("/<int:number>")
@checks_own_token
def settle(number: int) -> AnyResponse:
    """What there is was looked at. Pressed twice, it is so all the same."""
    watched = _watched(number)
    check_button()
    actions.settle(signed_in_account(), watched.number)
    return redirect(url_for(".index", said="settled"), 303)


@bp.post("/<int:number>/look")
@checks_own_token
def look(number: int) -> AnyResponse:
    watched = _watched(number)
    check_button()
    report = actions.look_now(signed_in_account(), shared_client(current_app.config), watched.number)
    return redirect(url_for(".show", number=number, said="busy" if report.is_other_at_it else "looked"), 303)


def _told(trial: WatchedTrial | None) -> str:
    """What readers are told of it now."""
    found = shown(trial, clock.now()) if trial else None
    return found.sentence if found else "Not known yet."


def _watched(number: int) -> queries.Watched:
    return or_404(queries.watched_trial(f"NCT{number:08}"))
