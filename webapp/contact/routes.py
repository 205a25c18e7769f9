"""Write to the owner."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, redirect, request, url_for
from limits import parse
from werkzeug import Response as AnyResponse

from webapp.contact import actions
from webapp.contact.forms import MAX_TEXT_LENGTH, TOPICS, ContactForm
from webapp.extensions import limiter
from webapp.forms import checks_own_token
from webapp.htmx import render_page, wants_fragment
from webapp.rate_limits import hit
from webapp.request import network_of_request

bp = Blueprint("contact", __name__, url_prefix="/contact")

MESSAGES = parse("10 per day")
"""From one e-mail address in one network: nobody can use up somebody else's."""
TOO_MANY = "Many messages came from this address today. Please wait until tomorrow, or write an e-mail."


@bp.get("")
def new() -> str:
    return _draw(ContactForm(formdata=None, data={"topic": request.args.get("topic", "")}))


@bp.post("")
@checks_own_token
@limiter.limit("30 per hour")
def send() -> AnyResponse | tuple[str, int]:
    form = ContactForm()
    if form.validate() and not hit(MESSAGES, "messages", form.address.data or "", network_of_request()):
        form.form_errors.append(TOO_MANY)
    if form.error_list:
        return _draw(form), 422
    actions.send_message(
        name=form.name.data or None,
        address=form.address.data or "",
        topic=form.topic.data,
        topic_words=TOPICS[form.topic.data],
        text=form.text.data or "",
        owner=current_app.config["OWNER_EMAIL"],
    )
    return make_response(_sent()) if wants_fragment() else redirect(url_for(".sent"), 303)


@bp.get("/sent")
def sent() -> str:
    return _sent()


def _sent() -> str:
    return render_page("contact/new.html", fragment="contact", form=None)


def _draw(form: ContactForm) -> str:
    return render_page("contact/new.html", fragment="contact", form=form, max_text_length=MAX_TEXT_LENGTH)
