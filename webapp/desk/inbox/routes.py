"""Messages of readers: which wait, one after the other, answered or deleted.

A message waits until somebody says that it is answered. That it was opened says nothing of that, and opening it
changes nothing: so there is one state, and no second one of having been read.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.contact.actions import RETENTION
from webapp.contact.forms import TOPICS
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.inbox import actions, queries
from webapp.desk.inbox.reply import reply_to
from webapp.desk.paging import page_asked_for
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.models import Message

bp = Blueprint("inbox", __name__, url_prefix="/messages")


@bp.get("")
def index() -> str:
    """The address says which were asked for and, after a press, what was done with which, so that it can be undone."""
    is_everything, page = request.args.get("show") == "all", page_asked_for()
    rows, has_more = queries.messages(is_everything=is_everything, page=page)
    counts = {"waiting": queries.unanswered_messages(), "kept": queries.all_messages()}
    asked = {"is_everything": is_everything, "page": page, "said": request.args.get("said", "")}
    done = queries.message_by_id(request.args.get("message", 0, int))
    more = {"has_more": has_more, "done": done, "topic_of": _topic_of, "now": clock.now()}
    return render_template("desk/inbox/index.html", rows=rows, button=_button(), **counts, **asked, **more)


@bp.get("/<int:id_>")
def show(id_: int) -> str:
    message = _message(id_)
    return _page("show", message, reply=reply_to(message, _topic_of(message)), now=clock.now())


@bp.post("/<int:id_>/answered")
@checks_own_token
def mark_answered(id_: int) -> AnyResponse:
    check_button()
    actions.mark_answered(signed_in_account(), _message(id_))
    return redirect(url_for(".index", said="answered", message=id_), 303)


@bp.post("/<int:id_>/not-answered")
@checks_own_token
def mark_unanswered(id_: int) -> AnyResponse:
    check_button()
    actions.mark_unanswered(signed_in_account(), _message(id_))
    return redirect(url_for(".index", said="not-answered", message=id_), 303)


@bp.route("/<int:id_>/delete", methods=["GET", "POST"])
@checks_own_token
def delete(id_: int) -> AnyResponse:
    """First asked, then done."""
    if request.method != "POST":
        return make_response(_page("delete", _message(id_)))
    check_button()
    if message := queries.message_by_id(id_):  # a second press finds it gone, which is what was wanted
        actions.delete_message(signed_in_account(), message)
    return redirect(url_for(".index", said="deleted"), 303)


def _message(id_: int) -> Message:
    return or_404(queries.message_by_id(id_))


def _button() -> ButtonForm:
    return ButtonForm(formdata=None)


def _topic_of(message: Message) -> str:
    return TOPICS.get(message.topic, TOPICS["other"])


def _page(name: str, message: Message, **more: Any) -> str:
    known = {"topic": _topic_of(message), "deleted_at": message.written_at + RETENTION}
    return render_template(f"desk/inbox/{name}.html", message=message, button=_button(), **known, **more)
