"""Forgetting, from the first page of the desk, what was searched for and not found."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.attention import actions
from webapp.desk.forms import ButtonForm, check_button
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.search.missed.queries import missed_search

bp = Blueprint("attention", __name__, url_prefix="/not-found")


@bp.route("/<digest>/forget", methods=["GET", "POST"])
@checks_own_token
def forget(digest: str) -> AnyResponse | str:
    """One of them: first asked, then done. Pressed twice, it is forgotten all the same."""
    missed = missed_search(digest)
    if request.method != "POST":
        return render_template("desk/attention/forget.html", missed=or_404(missed), button=ButtonForm(formdata=None))
    check_button()
    if missed:
        actions.forget_missed(signed_in_account(), missed)
    return redirect(url_for("desk.home", said="forgot", _anchor="missed"), 303)


@bp.route("/forget-all", methods=["GET", "POST"])
@checks_own_token
def forget_all() -> AnyResponse | str:
    if request.method != "POST":
        return render_template("desk/attention/forget.html", missed=None, button=ButtonForm(formdata=None))
    check_button()
    actions.forget_all_missed(signed_in_account())
    return redirect(url_for("desk.home", said="forgot-all", _anchor="missed"), 303)
