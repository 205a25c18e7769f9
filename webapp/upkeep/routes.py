"""What a monitor asks: is the site alive, and can it do its work?"""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from webapp.upkeep.heartbeats.queries import last_heartbeat
from webapp.upkeep.outside import as_text, what_was_seen
from webapp.upkeep.readiness import why_not_working

bp = Blueprint("upkeep", __name__)


@bp.get("/healthz")
def health() -> Response:
    """Any answer says that the site is alive. 200: it can do its work; 503: it cannot, and the log says why."""
    if seen := what_was_seen():
        return Response(as_text(seen), mimetype="application/json")
    why = why_not_working()
    if why:
        current_app.logger.error(why)
        return Response("alive, not ready\n", 503, mimetype="text/plain")
    at = last_heartbeat()
    last = f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"
    return Response(f"ok\nflask work last ran: {last}\n", mimetype="text/plain")
