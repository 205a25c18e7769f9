"""One task of `flask work`: in the application's context, told when it did something, alive after an error."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest
from flask import Flask

from tests.mail.conftest import Post
from webapp import work
from webapp.mail import actions, queries
from webapp.work import TASKS, Stop, Task, _Runner


def test_what_a_task_did_is_said_and_nothing_is_not(app: Flask, post: Post) -> None:
    said: list[str] = []
    runners = [_Runner(app, task, Stop(), said.append) for task in TASKS]
    for runner in runners:
        runner()
    assert said == []
    post()
    for runner in runners:
        runner()
    assert said == ["deliver mail: 1 sent, 0 to be tried again, 0 given up"]
    assert len(list(Path(app.config["MAIL_FOLDER"]).glob("*.eml"))) == 1


def test_what_has_expired_is_deleted(app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    post()
    work.deliver(Stop())
    monkeypatch.setattr(actions, "KEEP_SENT", dt.timedelta())
    _Runner(app, TASKS[-1], Stop(), said.append)()
    assert said == ["delete what has expired: 1 mail, 0 unconfirmed addresses, 0 messages"]
    assert queries.counts() == (0, 0, 0)


def test_an_error_is_told_once_and_again_after_it_was_gone(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    is_broken = [True, True, False, True]

    def action(_stop: Stop) -> str:
        if is_broken.pop(0):
            raise RuntimeError("the disk is full")
        return "done"

    said: list[str] = []
    runner = _Runner(app, Task("try", dt.timedelta(seconds=1), action), Stop(), said.append)
    with caplog.at_level(logging.ERROR):
        for _ in range(4):
            runner()
    assert [record.getMessage() for record in caplog.records] == [
        "Could not do this now: try. It will be tried again."
    ] * 2
    assert said == ["try: done"]
