"""Letters by mail: subscribe, confirm, change, leave.

Nothing here needs an account: who holds a link from a mail is the person it was sent to. So the links are secret. Their
pages are kept nowhere (no-store), name no address of theirs to the next page (Referrer-Policy) and no search engine
lists them; webapp/logs.py keeps them out of logs.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from limits import parse
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.addresses import mailbox_of
from webapp.extensions import limiter
from webapp.forms import checks_own_token, takes_posts_from_anywhere
from webapp.htmx import render_page, wants_fragment
from webapp.models import Subscriber
from webapp.rate_limits import hit
from webapp.request import network_of_request
from webapp.subscriptions import actions, queries
from webapp.subscriptions.forms import ConfirmForm, ManageForm, SubscribeForm
from webapp.subscriptions.tokens import Purpose, token_for

bp = Blueprint("subscriptions", __name__)

POSTS = "30 per hour"
"""From one network; a clinic may share one."""
MAILS_ASKED_FROM_ONE_NETWORK = parse("3 per day")
"""To one mailbox. Less than all, so that a stranger elsewhere cannot use up a person's own."""
MAILS_ASKED_IN_ALL = parse("10 per day")
"""To one mailbox, from anywhere."""


@bp.after_request
def _keep_links_secret(response: Response) -> Response:
    """The policy names our host and no more: with "no-referrer" older browsers would hide where a post comes from."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@bp.get("/subscribe")
def new() -> str:
    form = SubscribeForm(queries.topics(), data={"topics": request.args.getlist("topic")})
    return render_page("subscriptions/new.html", form=form)


@bp.post("/subscribe")
@checks_own_token
@limiter.limit(POSTS)
def subscribe() -> AnyResponse:
    """The same answer for every address. One that had its mails for today gets none, and the answer does not say so."""
    form = SubscribeForm(queries.topics())
    if not form.validate():
        return make_response(render_page("subscriptions/new.html", fragment="subscription", form=form), 422)
    address = form.address.data or ""
    if _may_be_mailed(mailbox_of(address)):
        actions.subscribe(address, form.chosen, form.frequency.data)
    return make_response(_sent()) if wants_fragment() else redirect(url_for(".sent"), 303)


def _may_be_mailed(mailbox: str) -> bool:
    return hit(MAILS_ASKED_FROM_ONE_NETWORK, "mails", mailbox, network_of_request()) and hit(
        MAILS_ASKED_IN_ALL, "mails", mailbox
    )


@bp.get("/subscribe/sent")
def sent() -> str:
    return _sent()


def _sent() -> str:
    has_mail_server = bool(current_app.config["MAIL_URL"])
    return render_page("subscriptions/sent.html", fragment="subscription", has_mail_server=has_mail_server)


@bp.get("/subscribe/confirm/<secret:token>")
def show_confirm(token: str) -> AnyResponse:
    return _confirm_page(token)


@bp.post("/subscribe/confirm/<secret:token>")
@checks_own_token
@limiter.limit(POSTS)
def confirm(token: str) -> AnyResponse:
    subscriber = queries.subscriber_by(token, Purpose.CONFIRM)
    if subscriber and not ConfirmForm().validate():
        return _confirm_page(token, 422)
    if subscriber:
        actions.confirm(subscriber, token)
    return redirect(url_for(".show_confirm", token=token), 303)


def _confirm_page(token: str, status: int = 200) -> AnyResponse:
    """The button; or, when it was pressed, that it was; or that this link is no good any more."""
    subscriber = queries.subscriber_by(token, Purpose.CONFIRM)
    if subscriber is None or not (subscriber.is_confirmed or queries.is_open(subscriber, token, clock.now())):
        return _no_longer_good()
    return make_response(
        render_template(
            "subscriptions/confirm.html",
            subscriber=subscriber,
            topics=_names(subscriber),
            form=ConfirmForm(),
            manage_token=token_for(subscriber, Purpose.MANAGE),
        ),
        status,
    )


@bp.get("/subscribe/manage/<secret:token>")
def show_manage(token: str) -> AnyResponse:
    subscriber = queries.subscriber_by(token, Purpose.MANAGE)
    if subscriber is None:
        return _no_longer_good()
    return make_response(_manage_page(subscriber, token, is_saved="saved" in request.args))


@bp.post("/subscribe/manage/<secret:token>")
@checks_own_token
@limiter.limit(POSTS)
def manage(token: str) -> AnyResponse:
    subscriber = queries.subscriber_by(token, Purpose.MANAGE)
    if subscriber is None:
        return _no_longer_good()
    form = ManageForm(queries.topics())
    if not form.validate():
        return make_response(_manage_page(subscriber, token, form), 422)
    actions.change_letters(subscriber, form.chosen, form.frequency.data)
    if wants_fragment():
        return make_response(_manage_page(subscriber, token, is_saved=True))
    return redirect(url_for(".show_manage", token=token, saved=1), 303)


def _manage_page(subscriber: Subscriber, token: str, form: ManageForm | None = None, *, is_saved: bool = False) -> str:
    current = {"topics": subscriber.topics, "frequency": subscriber.frequency}
    return render_page(
        "subscriptions/manage.html",
        fragment="letters",
        subscriber=subscriber,
        form=form or ManageForm(queries.topics(), formdata=None, data=current),
        token=token,
        leave_token=token_for(subscriber, Purpose.LEAVE),
        is_saved=is_saved,
    )


@bp.get("/unsubscribe/<secret:token>")
def show_leave(token: str) -> AnyResponse:
    subscriber = queries.subscriber_by(token, Purpose.LEAVE)
    if subscriber is None:
        return _no_longer_good()
    manage_token = token_for(subscriber, Purpose.MANAGE)
    return make_response(render_template("subscriptions/leave.html", token=token, manage_token=manage_token))


@bp.post("/unsubscribe/<secret:token>")
@takes_posts_from_anywhere
def leave(token: str) -> str:
    """By the button, or by a mail program without asking anybody (RFC 8058): no cookie, no token but the link itself.

    Never limited, since one mail provider posts for many people; answered without a redirect, which such programs
    do not follow; and the same for somebody who has left already.
    """
    subscriber = queries.subscriber_by(token, Purpose.LEAVE)
    if subscriber is not None:
        actions.leave(subscriber)
    return render_template("subscriptions/left.html")


def _names(subscriber: Subscriber) -> list[str]:
    """The topics in words; none means everything."""
    return [topic.name for topic in queries.topics() if topic.slug in subscriber.topics]


def _no_longer_good() -> AnyResponse:
    return make_response(render_template("subscriptions/no_longer_good.html"), 404)
