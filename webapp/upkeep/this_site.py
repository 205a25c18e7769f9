"""What a backup needs to know of an application."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from webapp.config import settings_file
from webapp.upkeep.actions import Site


def site_of(app: Flask) -> Site:
    return Site(
        instance=Path(app.instance_path),
        lock=app.extensions["folder_lock"],
        secret_key=str(app.config["SECRET_KEY"]),
        key_file=app.config["SECRET_KEY_FILE"],
        settings=settings_file(),
        migrations=Path(app.extensions["migrate"].directory),
    )
