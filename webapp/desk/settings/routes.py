"""The words of the site, and where its other settings are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.config import settings_file
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.settings import actions
from webapp.desk.settings.forms import WordsForm
from webapp.forms import checks_own_token
from webapp.site_words import SiteWords, default_words, site_words

bp = Blueprint("settings", __name__, url_prefix="/settings")

ELSEWHERE = (
    ("SITE_URL", "Where the site lives"),
    ("SITE_LANGUAGE", "The language of its pages"),
    ("OWNER_NAME", "Who runs it"),
    ("OWNER_EMAIL", "Where readers and this program write to"),
    ("MAIL_FROM", "The address that mails come from"),
)
"""Settings of the server that hold no secret: each with what it says."""


@bp.get("")
def index() -> str:
    return _page(WordsForm(formdata=None, data=site_words()._asdict()))


@bp.post("")
@checks_own_token
def choose() -> AnyResponse:
    form = WordsForm()
    if not form.validate():
        return make_response(_page(form), 422)
    words = SiteWords(*(form[name].data or "" for name in SiteWords._fields))
    changed = actions.choose(signed_in_account(), words)
    return redirect(url_for(".index", said="changed" if changed else "same"), 303)


def _page(form: WordsForm) -> str:
    config: dict[str, Any] = current_app.config
    return render_template(
        "desk/settings/index.html",
        form=form,
        default=default_words(),
        elsewhere=[(says, name, config[name]) for name, says in ELSEWHERE],
        has_mail_server=bool(config["MAIL_URL"]),
        settings_file=settings_file(),
        said=request.args.get("said", ""),
    )
