"""What the owner sees of the mail on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.mail.conftest import Post
from tests.mail.server import Inbox


def test_mail_without_a_server_lands_in_the_folder(app: Flask, runner: FlaskCliRunner, post: Post) -> None:
    post()
    folder = app.config["MAIL_FOLDER"]
    assert runner.invoke(args=["mail", "status"]).output == (
        f"1 waiting, 0 sent, 0 given up.\nNo MAIL_URL is set: mail lands in {folder}.\n"
    )
    assert runner.invoke(args=["mail", "deliver"]).output == "1 sent, 0 to be tried again, 0 given up.\n"
    assert len(list(Path(folder).glob("*.eml"))) == 1


def test_what_did_not_go_is_told_with_the_reason(
    app: Flask, runner: FlaskCliRunner, inbox: Inbox, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", inbox.url)
    inbox.answer = "550"
    post("gone@example.org")
    runner.invoke(args=["mail", "deliver"])
    inbox.answer = "451"
    post("later@example.org")
    assert runner.invoke(args=["mail", "deliver"]).output == "0 sent, 1 to be tried again, 0 given up.\n"
    lines = runner.invoke(args=["mail", "status"]).output.splitlines()
    assert lines[0] == "1 waiting, 0 sent, 1 given up."
    assert "greeting to gone@example.org, 1 try, given up: 550 5.1.1 no such reader here" in lines[1]
    assert "greeting to later@example.org, 1 try, again at " in lines[2]
    assert lines[2].endswith("UTC: 451 4.7.1 come again later")
    assert len(lines) == 3


def test_a_site_that_is_not_set_up_says_so(tmp_path: Path) -> None:
    from tests.conftest import make_app

    outcome = make_app(tmp_path).test_cli_runner().invoke(args=["mail", "deliver"])
    assert outcome.exit_code == 1
    assert "make run" in outcome.output
    assert "Traceback" not in outcome.output
