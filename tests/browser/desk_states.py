"""The desk, page by page and state by state: every one is tried in a real Chromium (test_desk_states.py).

A new page of the desk gets its rows here: one for each state it can be in. A state is a function that makes what the
page needs, without a browser, and gives the answer that shows it:

    @state("desk.inbox.index", "no messages")
    def _(desk: Desk) -> TestResponse:
        return desk.get("/desk/messages")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from unittest.mock import patch

from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.desk.conftest import PASSWORD, enter
from tests.factories import (
    make_categories,
    make_document,
    make_outcome,
    make_page_file,
    make_summary,
    make_summary_file,
    make_topic_file,
)
from tests.library.shipped import READINGS, TOPICS
from tests.page import PageClient
from tests.subscriptions.conftest import make_subscriber
from tests.watch.making import SILENT, hear
from webapp import clock
from webapp.desk.accounts.actions import add_account, add_passkey
from webapp.desk.accounts.queries import account_named
from webapp.desk.writing import lookup
from webapp.desk.writing.queries import document_by_id
from webapp.documents import actions
from webapp.documents.queries import document_named, newest_revision
from webapp.documents.schema import Content, canonical
from webapp.letters.actions import send_letters
from webapp.models import Document
from webapp.scholarly.trials import Trial
from webapp.scholarly.updates import UpdateKind
from webapp.watch.answers import Said

NO_PAGES = {"desk.accounts.passkey_question", "desk.accounts.new_passkey_question"}
"""What answers a script, not a person."""
WHOLE = "rosman-2008-neostigmine"
"""A summary that ships, with two outcomes, harms and the rest."""
BROKEN = "Forty people with a neck injury took part in this trial, half of whom re-\nceived the usual care."


@dataclass
class Desk:
    """What a state is made with: a browser in which somebody is signed in, and one in which nobody is."""

    mira: PageClient
    stranger: PageClient

    def get(self, url: str) -> TestResponse:
        return self.mira.get(url)

    def sent(self, url: str, *, form: str = "main form[method=post]", to: str = "", **changes: Any) -> TestResponse:
        """The answer to the form of a page, filled in; `to`: where else than at its own address it is sent."""
        values = self.mira.page(url).values(form, **{name.replace("__", "."): one for name, one in changes.items()})
        return self.mira.post(to or url, data=values)

    def pressed(self, url: str, button: str, **changes: Any) -> TestResponse:
        """The page after a press of a button in the form of a document."""
        answer = self.sent(url, form="#writing", do=button, **changes)
        return self.get(answer.location.partition("#")[0]) if answer.status_code == 303 else answer


class State(NamedTuple):
    endpoint: str
    name: str
    made: Callable[[Desk], TestResponse]

    def __str__(self) -> str:
        return f"{self.endpoint.removeprefix('desk.')}: {self.name}"


STATES: list[State] = []


def state(endpoint: str, name: str) -> Callable[[Callable[[Desk], TestResponse]], Callable[[Desk], TestResponse]]:
    """Adds a row to the table: of the page with this endpoint, in a state with this name."""

    def added(made: Callable[[Desk], TestResponse]) -> Callable[[Desk], TestResponse]:
        STATES.append(State(endpoint, name, made))
        return made

    return added


def document(kind: str = "page", key: str = "visits", content: Content | None = None, **changes: Any) -> str:
    """The address of a document that was saved as a draft."""
    make_categories("hand-and-arm-use", "pain")
    one = Document(kind=kind, key=key, language="en")
    actions.save_revision(one, (canonical(content, key) if content else {"title": "Visits"}) | changes, by="Mira")
    return f"/desk/documents/{one.id}"


def about(**changes: Any) -> str:
    """A standing page that is whole."""
    return document(content=make_page_file("visits").content, **changes)


def published(url: str) -> str:
    found = _document(url)
    newest = newest_revision(found)
    assert newest
    actions.publish(found, newest)
    return url


def scheduled(url: str) -> str:
    found = _document(url)
    newest = newest_revision(found)
    assert newest
    actions.schedule(found, newest, clock.now() + dt.timedelta(days=3))
    return url


def summary(**changes: Any) -> str:
    """A summary that is whole."""
    study = {"design": "case_series", "intervention": "Arm training", "outcomes": [make_outcome()]}
    return document("summary", "arms", make_summary_file("arms", study=study, harms="None.").content, **changes)


def _document(url: str) -> Document:
    found = document_by_id(int(url.rpartition("/")[2]))
    assert found
    return found


# The door and the account


@state("desk.accounts.door", "nobody is signed in")
def _(desk: Desk) -> TestResponse:
    return desk.stranger.get("/desk/sign-in")


@state("desk.accounts.door", "a wrong password")
def _(desk: Desk) -> TestResponse:
    values = desk.stranger.page("/desk/sign-in").values("main form[action='/desk/sign-in']")
    return desk.stranger.post("/desk/sign-in", data={**values, "name": "Mira", "password": "wrong"})


@state("desk.accounts.door", "nothing filled in")
def _(desk: Desk) -> TestResponse:
    values = desk.stranger.page("/desk/sign-in").values("main form[action='/desk/sign-in']")
    return desk.stranger.post("/desk/sign-in", data=values)


@state("desk.accounts.link", "good")
def _(desk: Desk) -> TestResponse:
    return desk.stranger.get(f"/desk/link/{add_account('Ada')}")


@state("desk.accounts.link", "used up")
def _(desk: Desk) -> TestResponse:
    return desk.stranger.get("/desk/link/" + "x" * 43)


@state("desk.accounts.show", "just begun")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/account")


@state("desk.accounts.show", "passkeys, a password, two browsers")
def _(desk: Desk) -> TestResponse:
    account = account_named("Mira")
    assert account
    for name in ("my phone", "a device with a name that is quite long"):
        add_passkey(account, name, name.encode(), b"key", 0)
    form = "form[action='/desk/account/password']"
    done = desk.sent("/desk/account", form=form, to="/desk/account/password", password=PASSWORD)
    return desk.get(done.location)


@state("desk.accounts.show", "a password that is too short")
def _(desk: Desk) -> TestResponse:
    form = "form[action='/desk/account/password']"
    return desk.sent("/desk/account", form=form, to="/desk/account/password", password="abc")


@state("desk.accounts.show", "the only way to sign in")
def _(desk: Desk) -> TestResponse:
    account = account_named("Mira")
    assert account
    add_passkey(account, "my phone", b"id", b"key", 0)
    form = "form[action^='/desk/account/passkeys/'][action$='/remove']"
    action = desk.mira.page("/desk/account").one(form).get("action")
    return desk.sent("/desk/account", form=form, to=action)


# The first page, and all documents


@state("desk.home", "nothing in the works")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/")


@state("desk.home", "something in every state")
def _(desk: Desk) -> TestResponse:
    url = published(about())
    actions.unpublish(_document(url), "We have moved.")
    scheduled(summary())
    document("page", "long", title="Anaesthesiologically-electroencephalographically " * 3)
    return desk.get("/desk/")


@state("desk.writing.index", "no documents")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/documents")


@state("desk.writing.index", "the second of three pages")
def _(desk: Desk) -> TestResponse:
    for number in range(101):
        document("page", f"page-{number}", title=f"Visit {number}")
    return desk.get("/desk/documents?kind=page&page=2")


@state("desk.writing.index", "nothing found")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/documents?q=zzz")


@state("desk.writing.index", "begun without a title")
def _(desk: Desk) -> TestResponse:
    return desk.sent("/desk/documents", title="")


# The form of a document


@state("desk.writing.edit", "a page, just begun")
def _(desk: Desk) -> TestResponse:
    return desk.get(document())


@state("desk.writing.edit", "a summary, just begun")
def _(desk: Desk) -> TestResponse:
    return desk.get(document("summary"))


@state("desk.writing.edit", "a topic answer, just begun")
def _(desk: Desk) -> TestResponse:
    return desk.get(document("topic"))


@state("desk.writing.edit", "a whole summary")
def _(desk: Desk) -> TestResponse:
    return desk.get(document("summary", WHOLE, READINGS[WHOLE].content))


@state("desk.writing.edit", "a whole topic answer")
def _(desk: Desk) -> TestResponse:
    return desk.get(document("topic", "bladder", TOPICS["bladder"].content))


@state("desk.writing.edit", "a page that readers see, and a time")
def _(desk: Desk) -> TestResponse:
    url = published(about())
    desk.pressed(url, "save", lead="What comes next.")
    return desk.get(scheduled(url))


@state("desk.writing.edit", "published a moment ago")
def _(desk: Desk) -> TestResponse:
    return desk.pressed(about(), "publish")


@state("desk.writing.edit", "given a time a moment ago")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{scheduled(about())}?said=schedule&zone=Europe/Berlin")


@state("desk.writing.edit", "taken down")
def _(desk: Desk) -> TestResponse:
    url = published(about())
    actions.unpublish(_document(url), "We have moved.")
    return desk.get(f"{url}?said=unpublish")


@state("desk.writing.edit", "what stops publishing")
def _(desk: Desk) -> TestResponse:
    url = document("summary")
    desk.pressed(url, "add:study.outcomes")
    return desk.pressed(url, "publish", study__participants="about 40")


@state("desk.writing.edit", "advice")
def _(desk: Desk) -> TestResponse:
    return desk.get(summary(key_findings=["The implant caused people to walk.", "It is safe and cures pain."]))


@state("desk.writing.edit", "sources, and a quotation that is too long")
def _(desk: Desk) -> TestResponse:
    url = summary(key_findings=["Of 20 people, 4 walked.", {"text": "Nobody fell.", "source": "PubMed 1"}])
    return desk.pressed(url, "publish", key_findings__0__source="PubMed 1", key_findings__0__source__quote="word " * 26)


@state("desk.writing.edit", "a wording that was put in")
def _(desk: Desk) -> TestResponse:
    url = summary(key_findings=["The implant caused people to walk."])
    wording = desk.mira.page(url).select("#f-key_findings-0-findings .wording button")[0]
    return desk.pressed(url, wording.get("value"))


@state("desk.writing.edit", "facts that were looked up")
def _(desk: Desk) -> TestResponse:
    facts: dict[str, Any] = dict.fromkeys(Trial.__dataclass_fields__)
    trial = Trial(**(facts | TRIAL))
    url = summary()
    content = newest_revision(_document(url))
    assert content
    found = lookup.Found(
        content.content,
        filled=["Authors", "Journal"],
        otherwise=[lookup.Otherwise("Date of the paper", "2024", "2023-11-30")],
        abstract="Aim. To see.\n\nResults. Nine walked.",
        is_retracted=True,
        notices=["Retraction 2025-01-01 10.1000/xyz"],
        trials=[trial],
        problems=["PubMed does not answer."],
    )
    with patch.object(lookup, "look_up", return_value=found):
        return desk.pressed(url, "look-up")


TRIAL: dict[str, Any] = {
    "number": "NCT01234567", "title": "Walking again", "status": "COMPLETED", "enrolment": 1200,
    "is_enrolment_actual": True, "primary_outcomes": (),
}  # fmt: skip


@state("desk.writing.edit", "a disk that is full")
def _(desk: Desk) -> TestResponse:
    url, full = about(), OperationalError("UPDATE", None, Exception("database or disk is full"))
    with patch("webapp.documents.actions.save_revision", side_effect=full):
        return desk.sent(url, form="#writing", do="save")


@state("desk.writing.edit", "a row that was added")
def _(desk: Desk) -> TestResponse:
    return desk.pressed(summary(), "add:study.outcomes.0.groups")


@state("desk.writing.edit", "a row that was taken out")
def _(desk: Desk) -> TestResponse:
    return desk.pressed(summary(), "remove:key_findings:0")


@state("desk.writing.edit", "broken lines")
def _(desk: Desk) -> TestResponse:
    return desk.get(summary(simple_explanation=BROKEN, key_findings=[BROKEN, BROKEN]))


@state("desk.writing.edit", "lines that were joined")
def _(desk: Desk) -> TestResponse:
    return desk.pressed(summary(simple_explanation=BROKEN), "join:simple_explanation")


@state("desk.writing.save", "a conflict")
def _(desk: Desk) -> TestResponse:
    url = about()
    mine = desk.mira.page(url).values("#writing", lead="Mine is this.", description="Mine too.")
    desk.pressed(url, "save", lead="Theirs is that.", author="Somebody else")
    return desk.mira.post(url, data=mine | {"do": "save"})


# What readers see of it


@state("desk.previews.show", "a summary")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{summary()}/preview")


@state("desk.previews.show", "half a page")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{document()}/preview")


@state("desk.writing.change", "a time")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{about()}/schedule")


@state("desk.writing.change", "no time")
def _(desk: Desk) -> TestResponse:
    return desk.sent(f"{about()}/schedule", day="soon", time="", zone="Mars")


@state("desk.writing.change", "a time to take back")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{scheduled(about())}/unschedule")


@state("desk.writing.change", "to be taken down, without a sentence")
def _(desk: Desk) -> TestResponse:
    return desk.sent(f"{published(about())}/unpublish", sentence="")


@state("desk.writing.change", "a correction that cannot be published")
def _(desk: Desk) -> TestResponse:
    url = published(summary())
    desk.pressed(url, "save", description="", key_findings__0="")
    return desk.sent(f"{url}/correct", sentence="Eight, not nine.")


# Versions


@state("desk.versions.history", "four versions")
def _(desk: Desk) -> TestResponse:
    url = published(about())
    for lead in ("Second.", "Third."):
        desk.pressed(url, "save", lead=lead)
    return desk.get(f"{scheduled(url)}/history")


@state("desk.versions.changes", "texts, rows and values")
def _(desk: Desk) -> TestResponse:
    url = summary()
    desk.pressed(url, "save", title="Arms were trained", key_findings__0="", study__participants="41",
                 simple_explanation="Forty-one people took part.\n\nThey got stronger.")  # fmt: skip
    return desk.get(f"{url}/history/2")


@state("desk.versions.changes", "nothing that readers could see")
def _(desk: Desk) -> TestResponse:
    url = about()
    desk.pressed(url, "save", slug="visits")
    return desk.get(f"{url}/history/2")


@state("desk.versions.put_part_back", "put back, and changed since")
def _(desk: Desk) -> TestResponse:
    url = about(lead="The first words of all.")
    desk.pressed(url, "save", lead="The second words of all.")
    desk.pressed(url, "save", lead="The third words of all, and more.")
    [form] = desk.mira.page(f"{url}/history/2").select("main form")[:1]
    action = form.get("action")
    return desk.sent(f"{url}/history/2", form=f"form[action='{action}']", to=action)


@state("desk.versions.kept", "a text that was not saved")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{_with_a_kept_text(desk)}/kept/1")


@state("desk.versions.forget", "asked")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{_with_a_kept_text(desk)}/kept/1/delete")


@state("desk.versions.history", "with a text that was not saved")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{_with_a_kept_text(desk)}/history")


def _with_a_kept_text(desk: Desk) -> str:
    url = about()
    mine = desk.mira.page(url).values("#writing", lead="Mine is this.")
    desk.pressed(url, "save", lead="Theirs is that.")
    assert desk.mira.post(url, data=mine | {"do": "save"}).status_code == 409
    return url


@state("desk.corrections.index", "one that is being mailed")
def _(desk: Desk) -> TestResponse:
    way = _corrected(desk)
    desk.sent(way)
    return desk.get(way.rpartition("/corrections")[0] + "/corrections")


@state("desk.corrections.mail", "asked after a correction")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"{_corrected(desk)}?said=correct")


def _corrected(desk: Desk) -> str:
    """Where those who were sent a mistake can be told of it."""
    make_categories("hand-and-arm-use", "pain")
    make_summary(date=clock.today(), lastmod=clock.today())
    make_subscriber()
    send_letters()
    document = document_named("summary", "arm-training")
    assert document
    draft = newest_revision(document)
    assert draft
    actions.correct(document, draft, "Eight people, not nine.")
    return f"/desk/documents/{document.id}/corrections/1/mail"


# What became of papers


def _heard(*kinds: UpdateKind, europepmc: Said | None = None) -> int:
    """A summary that one reader was sent, of whose paper Crossref tells such notices since."""
    make_categories("hand-and-arm-use", "pain")
    study = {"doi": "10.5555/arms", "intervention": "Arm training", "outcomes": [make_outcome()]}
    make_summary(study=study, harms="Nobody was hurt.", date=clock.today(), lastmod=clock.today())
    make_document(make_topic_file())
    make_subscriber()
    send_letters()
    return hear("arm-training", *kinds, europepmc=europepmc)


@state("desk.watch.index", "nobody was asked yet")
def _(desk: Desk) -> TestResponse:
    summary()
    return desk.get("/desk/watch?show=all")


@state("desk.watch.index", "one that waits, looked at a moment ago")
def _(desk: Desk) -> TestResponse:
    _heard("retraction")
    make_summary("legs", study={"doi": "10.5555/legs"})
    settled = desk.sent(f"/desk/watch/{hear('legs', 'correction')}")
    return desk.get(settled.location)


@state("desk.watch.index", "all of many")
def _(desk: Desk) -> TestResponse:
    _heard("retraction", europepmc=SILENT)
    for number in range(30):
        make_summary(f"a{number}", title=f"Summary {number}", study={"doi": f"10.5555/a{number}"})
        if number % 2:
            hear(f"a{number}", "erratum")
    return desk.get("/desk/watch?show=all")


@state("desk.watch.show", "withdrawn")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/watch/{_heard('correction', 'retraction', europepmc=SILENT)}")


@state("desk.watch.show", "the notice is gone")
def _(desk: Desk) -> TestResponse:
    _heard("retraction")
    return desk.get(f"/desk/watch/{hear('arm-training')}")


@state("desk.watch.show", "a correction and a concern")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/watch/{_heard('correction', 'expression of concern', 'unknown')}")


@state("desk.watch.show", "without a number")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/watch/{published(summary()).rpartition('/')[2]}")


@state("desk.watch.show", "the notice was taken down")
def _(desk: Desk) -> TestResponse:
    way = f"/desk/watch/{_heard('retraction')}/notice/down"
    return desk.get(desk.sent(way).location)


@state("desk.watch.show", "withdrawn, and our page does not say so")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/watch/{_missing()}")


def _missing() -> int:
    """A summary whose notice was lost with a later text."""
    make_categories("hand-and-arm-use")
    make_summary(study={"doi": "10.5555/arms"})
    found = document_named("summary", "arm-training")
    assert found
    before = newest_revision(found)
    assert before
    hear("arm-training", "retraction")
    newest = newest_revision(found)
    assert newest
    again = actions.save_revision(found, before.content, by="Mira", base=newest.number, version=before.schema_version)
    actions.publish(found, again)
    return hear("arm-training", "retraction")


@state("desk.watch.change", "to be put up again")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/watch/{_missing()}/notice/up")


@state("desk.watch.change", "nothing to put up")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/watch/{_heard('retraction')}/notice/up")


@state("desk.watch.change", "to be taken down, though the services still tell of it")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/watch/{_heard('retraction')}/notice/down")


@state("desk.watch.change", "nothing to take down")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/watch/{_heard('correction')}/notice/down")


@state("desk.corrections.mail", "asked after a paper was withdrawn")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/documents/{_heard('retraction')}/corrections/1/mail")


def entered(mira: PageClient, stranger: PageClient) -> Desk:
    return Desk(enter(mira), stranger)
