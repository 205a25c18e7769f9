"""The words of the site that its owner may choose: its name, its mission, the postal line of its mails.

They are rows of a table, read once in an edition by each process and kept: a page that is made asks no question for
them, and one that was made holds them. Whoever changes them raises the edition in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import Flask, current_app, has_request_context, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from webapp.edition import edition
from webapp.extensions import db
from webapp.models import SiteWord
from webapp.site import MISSION, SITE_NAME

_ASKED = "webapp.site_words"
"""Stands in the environ of a request that has asked for them."""


class SiteWords(NamedTuple):
    name: str
    mission: str
    postal_address: str
    """Empty where mails carry none."""


def default_words() -> SiteWords:
    """As the program and the settings have them."""
    return SiteWords(SITE_NAME, MISSION, current_app.config["OWNER_POSTAL_ADDRESS"] or "")


def site_words() -> SiteWords:
    """As they are now."""
    if not has_request_context():
        return _words()
    if _ASKED not in request.environ:
        request.environ[_ASKED] = _words()
    found: SiteWords = request.environ[_ASKED]
    return found


def _words() -> SiteWords:
    return default_words()._replace(**_chosen())


def _chosen() -> Mapping[str, str]:
    """What the owner has chosen. Where the database gives no answer, as last known: a page that says so has a name."""
    before, known = current_app.extensions["site_words"]
    try:
        now = edition()
        if now == before:
            return known  # type: ignore[no-any-return]
        rows = db.session.execute(select(SiteWord.name, SiteWord.text).where(SiteWord.name.in_(SiteWords._fields)))
        known = {row.name: row.text for row in rows}
    except SQLAlchemyError:
        return known  # type: ignore[no-any-return]
    current_app.extensions["site_words"] = now, known
    return known


def init_app(app: Flask) -> None:
    app.extensions["site_words"] = None, {}
    app.jinja_env.globals.update(
        site_name=LocalProxy(lambda: site_words().name),
        mission=LocalProxy(lambda: site_words().mission),
        postal_address=LocalProxy(lambda: site_words().postal_address),
    )
