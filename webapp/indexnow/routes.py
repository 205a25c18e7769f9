"""The file by which search engines know that whoever tells them of changes is this site."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app

from webapp.page_cache.cacheable import cacheable

bp = Blueprint("indexnow", __name__)


@bp.get("/<key>.txt")
@cacheable
def key_file(key: str) -> Response:
    if key != current_app.config["INDEXNOW_KEY"]:
        abort(404)
    return Response(key, mimetype="text/plain")
