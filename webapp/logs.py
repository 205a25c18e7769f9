"""What no log may hold: the secret part of the links that subscribers get by mail."""

from __future__ import annotations

import logging
import re

from flask import Flask

SECRET = re.compile(r"(/(?:subscribe/(?:confirm|manage)|unsubscribe)/)[^\s?#\"'<>]+")
LOGGERS = ("werkzeug", "gunicorn.access", "gunicorn.error", "flask-limiter", "flask_wtf.csrf")


class HideLinks(logging.Filter):
    """Writes [hidden] for the secret, in every line that names such an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = SECRET.sub(r"\1[hidden]", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True


_hide = HideLinks()


def init_app(app: Flask) -> None:
    for name in (app.name, *LOGGERS):
        logging.getLogger(name).addFilter(_hide)
