"""A trial stops looking for people: within a day the page says so, and those who follow its topic are told once."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.conftest import Forward
from tests.page import PageClient, words
from tests.scholarly.answers import TRIAL
from tests.subscriptions.conftest import mails, make_subscriber
from tests.watch.trials.conftest import Registry, run, says
from webapp.letters.actions import send_letters
from webapp.models import Summary

DAY = dt.timedelta(days=1, minutes=5)


@pytest.fixture
def served(app: Flask, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The registry, where the settings of the site say that it is."""
    monkeypatch.setitem(app.config, "TRIALS_URL", registry.url)
    return registry


def test_from_the_registry_to_the_letter_each_once(
    served: Registry, walk: Summary, client: PageClient, runner: FlaskCliRunner, forward: Forward
) -> None:
    make_subscriber("reader@example.org", topics=["hand-and-arm-use"])
    send_letters()
    address = f"/research/{walk.slug}"
    says(served, "RECRUITING")
    run(served, looked_before=None)
    assert "This trial looks for people now." in words(client.page(address).one(".joining"))

    says(served, "COMPLETED")
    forward(DAY)
    run(served, looked_before=None)
    page = client.page(address)
    assert not page.select(".joining"), "the page says at once what is so"
    assert "This trial is finished. Nobody can join any more." in words(page.one(".paper"))
    assert "News of the trial" not in client.get("/feed.atom").text

    forward(DAY)
    said = runner.invoke(args=["watch", "run"])
    assert said.output.splitlines()[1] == "1 trial looked at, 1 change of status to tell of."
    for feed in ("/feed.atom", "/categories/hand-and-arm-use/feed.atom"):
        assert client.get(feed).text.count("News of the trial") == 1
    forward(dt.timedelta(days=7))
    for _ in range(2):
        send_letters()
    assert [mail["Subject"] for mail in mails("letter")][1:] == ["News of 1 trial in your topics"]
    assert TRIAL in str(mails("letter")[-1])
