"""Subscribers: how many, one by one, deleted, and all of them as a file.

An address is a reader's own, so it stands in no URL and no title here: neither the history of a browser nor the log of
a proxy gets one. That is why one is sought with a post, which changes nothing.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, stream_with_context, url_for
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.paging import page_asked_for
from webapp.desk.readers import actions, queries
from webapp.desk.readers.export import csv_of
from webapp.desk.readers.forms import FindForm
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.subscriptions.actions import UNCONFIRMED_RETENTION
from webapp.subscriptions.consent import WORDINGS
from webapp.subscriptions.forms import FREQUENCIES

bp = Blueprint("readers", __name__, url_prefix="/subscribers")
STATES = ("confirmed", "waiting")


@bp.get("")
def index() -> str:
    state, page = request.args.get("state"), page_asked_for()
    state = state if state in STATES else None
    rows, has_more = queries.subscribers(state, page)
    return _index(FindForm(formdata=None), rows=rows, has_more=has_more, page=page, state=state)


@bp.post("")
@checks_own_token
def find() -> AnyResponse:
    form = FindForm()
    if not form.validate():
        return make_response(_index(form, is_search=True), 422)
    rows, has_more = queries.subscribers_found(form.part.data or "")
    return make_response(_index(form, rows=rows, has_more=has_more, is_search=True))


@bp.get("/numbers")
def numbers() -> str:
    counts, months = queries.subscriber_counts(), queries.confirmed_by_month()
    earlier = counts.confirmed - sum(month.confirmed for month in months)
    by_topic = queries.readers_by_topic()
    return render_template(
        "desk/readers/numbers.html", counts=counts, months=months, earlier=earlier, by_topic=by_topic
    )


@bp.get("/export")
def ask_for_export() -> str:
    return render_template("desk/readers/export.html", counts=queries.subscriber_counts(), button=_button())


@bp.post("/export")
@checks_own_token
def export() -> AnyResponse:
    """A post, so that no link and no picture on another page can fetch it."""
    check_button()
    actions.note_export(signed_in_account(), queries.subscriber_counts().confirmed)
    file = Response(stream_with_context(csv_of(queries.confirmed_rows())), content_type="text/csv; charset=utf-8")
    file.headers.set("Content-Disposition", "attachment", filename=f"subscribers-{clock.today()}.csv")
    file.cache_control.no_store = True
    return file


@bp.get("/<int:id_>")
def show(id_: int) -> str:
    subscriber = or_404(queries.subscriber_by_id(id_))
    return render_template(
        "desk/readers/show.html",
        subscriber=subscriber,
        kept=queries.kept_of(subscriber),
        topic_names=queries.topic_names(),
        how_often=FREQUENCIES[subscriber.frequency],
        words_of_the_yes=WORDINGS.get(subscriber.consent_wording),
        deleted_at=subscriber.consent_at + UNCONFIRMED_RETENTION,
        now=clock.now(),
    )


@bp.route("/<int:id_>/delete", methods=["GET", "POST"])
@checks_own_token
def delete(id_: int) -> AnyResponse:
    """First asked, then done."""
    subscriber = queries.subscriber_by_id(id_)
    if request.method != "POST":
        page = render_template("desk/readers/delete.html", subscriber=or_404(subscriber), button=_button())
        return make_response(page)
    check_button()
    if subscriber:  # a second press finds nobody, which is what was wanted
        actions.delete_subscriber(signed_in_account(), subscriber)
    return redirect(url_for(".index", said="deleted"), 303)


def _button() -> ButtonForm:
    return ButtonForm(formdata=None)


def _index(form: FindForm, **context: Any) -> str:
    said, counts = request.args.get("said", ""), queries.subscriber_counts()
    return render_template("desk/readers/index.html", form=form, said=said, counts=counts, **context)
