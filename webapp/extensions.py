"""The extensions, created here and bound to the application in create_app."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_limiter import Limiter
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from webapp.database import Base
from webapp.request import network_of_request

db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
compress = Compress()
limiter = Limiter(network_of_request)


class Migrations:
    """What `flask db` asks for. It is loaded then: Alembic takes as much memory as all our own code, and no page
    needs it.
    """

    def __init__(self, app: Flask, directory: str) -> None:
        self.app, self.directory = app, directory
        app.extensions["migrate"] = self

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self.app, db, self.directory, render_as_batch=True)  # takes our place in app.extensions
        return getattr(self.app.extensions["migrate"], name)
