"""A backup of everything, as a download."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, render_template
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.files.routes import sent_as
from webapp.desk.forms import ButtonForm, check_button
from webapp.forms import checks_own_token
from webapp.upkeep.archive import UpkeepError

bp = Blueprint("backup", __name__, url_prefix="/backup")


@bp.get("")
def index() -> str:
    return _page()


@bp.post("")
@checks_own_token
def download() -> AnyResponse:
    from webapp.desk.backup.actions import make_backup  # here: what knows of migrations is large
    from webapp.upkeep.this_site import site_of

    check_button()
    app: Any = current_app
    try:
        made = make_backup(signed_in_account().name, site_of(app._get_current_object()))
    except UpkeepError as error:
        return make_response(_page(problem=str(error)), 507)
    return sent_as(made, f"backup-{clock.now():%Y-%m-%d-%H%M%S}.tar", "application/x-tar")


def _page(problem: str = "") -> str:
    return render_template("desk/backup/index.html", button=ButtonForm(formdata=None), problem=problem)
