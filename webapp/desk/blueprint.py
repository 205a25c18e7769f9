"""The desk as one part of the site, with its guard: whoever is not signed in gets nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, abort, current_app, redirect, request, url_for
from werkzeug import Response as AnyResponse

from webapp.desk.accounts import actions
from webapp.desk.accounts.sessions import current_session
from webapp.htmx import wants_fragment

View = TypeVar("View", bound=Callable[..., Any])
_OPEN = "is_open_to_strangers"

LONGEST_WAY_BACK = 500
"""Characters of an address that the door leads back to."""

bp = Blueprint("desk", __name__, url_prefix="/desk")


def open_to_strangers(view: View) -> View:
    """Marks one of the few views of the desk that need nobody signed in: the door itself."""
    setattr(view, _OPEN, True)
    return view


@bp.before_request
def guard() -> AnyResponse | None:
    """Let through who is signed in. A page asked for leads to the door, and back; anything else is refused."""
    if hasattr(current_app.view_functions.get(request.endpoint or ""), _OPEN):
        return None
    if (session := current_session()) is not None:
        actions.see(session)
        return None
    if request.method not in {"GET", "HEAD"} or wants_fragment():
        abort(401)
    to = request.full_path.rstrip("?")
    return redirect(url_for("desk.accounts.door", to=to if len(to) < LONGEST_WAY_BACK else None), 303)
