"""Loading files as the owner does, by the command."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result
from flask.testing import FlaskCliRunner

from tests.factories import File, summary_named, write_files
from webapp.extensions import db
from webapp.models import Summary


def load(runner: FlaskCliRunner, *arguments: object) -> Result:
    outcome = runner.invoke(args=["library", "load", *map(str, arguments)])
    db.session.remove()  # what the end of a command's context does
    return outcome


def loads(runner: FlaskCliRunner, folder: Path, *files: File, options: tuple[str, ...] = ()) -> str:
    write_files(folder, *files)
    outcome = load(runner, folder, *options)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output.splitlines()[-1]


def held(key: str = "arm-training") -> Summary:
    db.session.expire_all()
    return summary_named(key)
