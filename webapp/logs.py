"""What logs hold: a line for each request, with nothing of who sent it. And what none may hold: the secret part of the
links that subscribers get by mail.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, g, request, request_started

from webapp import clock
from webapp.urls import before_secrets

REQUESTS = logging.getLogger("webapp.requests")
"""Silent until its level is INFO, as deploy/gunicorn.conf.py sets it. Kept pages are answered without a line."""

TOKEN = re.compile(r"(?<![\w.])[1-9][0-9]{0,17}\.[\w-]{27,}")
"""The shape of such a secret, wherever it stands (webapp/subscriptions/tokens.py makes them)."""
HIDDEN = "[hidden]"


def hide_secrets(text: str, link: re.Pattern[str]) -> str:
    """The text with [hidden] for each secret, however the URL around it was spelled: //, %73, %2573.

    `link` finds the part of a URL before a secret, and the secret. Text without a secret comes back as it was.
    """
    plain = text
    while "%" in plain and (decoded := unquote(plain)) != plain:
        plain = decoded
    hidden = TOKEN.sub(HIDDEN, link.sub(rf"\1{HIDDEN}", plain))
    return text if hidden == plain else hidden


def _note_start(_app: Flask, **_: Any) -> None:
    g.started = clock.steady()


def _note_answer(response: Response) -> Response:
    """JSON with what an owner can ask of a log: which view, how it ended, how long it took. No address, no path, no
    query, no browser: none of what tells one reader from another.
    """
    if REQUESTS.isEnabledFor(logging.INFO):
        line = {
            "at": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "view": request.endpoint,
            "method": request.method,
            "status": response.status_code,
            "milliseconds": round((clock.steady() - g.started) * 1000, 1),
            "bytes": response.content_length,
        }
        REQUESTS.info(json.dumps(line))
    return response


def init_app(app: Flask) -> None:
    """Called when every URL is known: which of them hold a secret is read from them."""
    request_started.connect(_note_start, app)
    app.after_request(_note_answer)
    beginnings = [re.escape(url).replace("/", "/+") for url in sorted(before_secrets(app))]
    link = re.compile(rf"({'|'.join(beginnings)})[^\s?#\"'<>/]+", re.IGNORECASE)

    class Record(logging.LogRecord):
        """A line of any logger of the process, ours or a library's."""

        def getMessage(self) -> str:  # noqa: N802 (its name in the standard library)
            return hide_secrets(super().getMessage(), link)

    # Not a filter: those of a logger are not asked for the lines of the loggers below it.
    logging.setLogRecordFactory(Record)
