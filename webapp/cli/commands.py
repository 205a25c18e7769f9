"""All commands of the site: each parses, calls an action, prints."""

from __future__ import annotations

from flask import Flask

from webapp.cli.database import database, schema
from webapp.cli.library import library
from webapp.cli.mail import letters, mail
from webapp.cli.owner import owner
from webapp.cli.upkeep import backup, doctor, restore, secret, work
from webapp.cli.watch import watch


def init_app(app: Flask) -> None:
    for command in (schema, database, library, letters, mail, owner, secret, watch, work, backup, restore, doctor):
        app.cli.add_command(command)
