"""More rows of the table in desk_states.py: messages, subscribers, categories, glossary, files, papers and the rest."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from unittest.mock import patch

from werkzeug.test import TestResponse

from tests.ask.conftest import DOI, make_asked
from tests.browser.desk_states import Desk, about, published, state, summary
from tests.desk.inbox.conftest import make_message
from tests.factories import (
    make_categories,
    make_page_file,
    make_summary,
    make_terms,
)
from tests.subscriptions.conftest import make_subscriber
from tests.watch.recruiting.making import make_search, make_trial
from webapp import clock
from webapp.desk.recruiting import routes
from webapp.editorial.dates import PartialDate
from webapp.extensions import db
from webapp.models import MissedSearch, TrialSearch
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.trial_search import FoundTrial, FoundTrials

# Papers that readers asked for


@state("desk.asked.index", "nobody asked for any")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/asked")


@state("desk.asked.index", "all of many")
def _(desk: Desk) -> TestResponse:
    for number in range(25):
        make_asked(f"10.5555/{number}", "Donaudampfschifffahrt" * 12 if number == 24 else f"Paper of {number}")
    make_asked("10.5555/untold/" + "x" * 200, "")
    return desk.get("/desk/asked?state=all&page=1")


@state("desk.asked.show", "not answered")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/asked/{make_asked('10.5555/' + 'x' * 200, 'Donaudampfschifffahrt' * 12)}")


@state("desk.asked.show", "answered a moment ago")
def _(desk: Desk) -> TestResponse:
    answered = desk.sent(f"/desk/asked/{make_asked()}", form="form.form", answer="planned")
    return desk.get(answered.location)


@state("desk.asked.show", "done")
def _(desk: Desk) -> TestResponse:
    make_categories()
    make_summary(study={"doi": DOI})
    return desk.get(f"/desk/asked/{make_asked()}")


@state("desk.asked.show", "withdrawn, as was found when it was to be summarised")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/asked/{make_asked(withdrawn_by='Crossref')}?said=withdrawn")


@state("desk.asked.answer", "no, without a reason")
def _(desk: Desk) -> TestResponse:
    return desk.sent(f"/desk/asked/{make_asked()}", form="form.form", answer="no")


@state("desk.asked.delete", "asked")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/asked/{make_asked()}/delete")


# Messages and subscribers


@state("desk.inbox.index", "no messages")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/messages")


@state("desk.inbox.index", "some, one of them answered a moment ago")
def _(desk: Desk) -> TestResponse:
    make_message("Donaudampfschifffahrt" * 50, name="x" * 100)
    message = make_message()
    done = desk.sent(f"/desk/messages/{message.id}", to=f"/desk/messages/{message.id}/answered")
    return desk.get(done.location.partition("#")[0])


@state("desk.inbox.show", "of long words")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/messages/{make_message('Donaudampfschifffahrt' * 50, name='x' * 100).id}")


@state("desk.inbox.delete", "asked")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/messages/{make_message().id}/delete")


@state("desk.readers.index", "some")
def _(desk: Desk) -> TestResponse:
    make_subscriber("a" * 60 + "@example.org")
    make_subscriber("waiting@example.org", confirmed_at=None)
    return desk.get("/desk/subscribers")


@state("desk.readers.find", "found")
def _(desk: Desk) -> TestResponse:
    make_subscriber("a" * 60 + "@example.org")
    return desk.sent("/desk/subscribers", part="example")


@state("desk.readers.show", "all that is kept")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/subscribers/{make_subscriber('a' * 60 + '@example.org').id}")


@state("desk.readers.delete", "asked")
def _(desk: Desk) -> TestResponse:
    return desk.get(f"/desk/subscribers/{make_subscriber().id}/delete")


@state("desk.readers.ask_for_export", "asked")
def _(desk: Desk) -> TestResponse:
    make_subscriber()
    return desk.get("/desk/subscribers/export")


@state("desk.readers.numbers", "some")
def _(desk: Desk) -> TestResponse:
    make_subscriber(topics=["pain"])
    return desk.get("/desk/subscribers/numbers")


# Categories and the glossary


@state("desk.categories.index", "some")
def _(desk: Desk) -> TestResponse:
    make_categories("hand-and-arm-use", "pain")
    return desk.get("/desk/categories")


@state("desk.categories.index", "somebody was here first")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/categories?said=meanwhile")


@state("desk.categories.new", "nothing filled in")
def _(desk: Desk) -> TestResponse:
    return desk.sent("/desk/categories/new", name="", description="", group="")


@state("desk.categories.edit", "in use")
def _(desk: Desk) -> TestResponse:
    published(summary())
    return desk.get("/desk/categories/1")


@state("desk.categories.merge", "what will happen")
def _(desk: Desk) -> TestResponse:
    published(summary())
    return desk.get("/desk/categories/1/merge?into=2")


@state("desk.categories.delete", "refused, with where it is used")
def _(desk: Desk) -> TestResponse:
    published(summary())
    return desk.get("/desk/categories/1/delete")


@state("desk.glossary.index", "some")
def _(desk: Desk) -> TestResponse:
    make_terms(sham="Not real.", placebo="A dummy.")
    return desk.get("/desk/glossary")


@state("desk.glossary.new", "nothing filled in")
def _(desk: Desk) -> TestResponse:
    return desk.sent("/desk/glossary/new", name="", definition="")


@state("desk.glossary.edit", "a term")
def _(desk: Desk) -> TestResponse:
    make_terms(sham="Not real.", placebo="A dummy.")
    return desk.get("/desk/glossary/1")


@state("desk.glossary.merge", "what will happen")
def _(desk: Desk) -> TestResponse:
    make_terms(sham="Not real.", placebo="A dummy.")
    return desk.get("/desk/glossary/1/merge?into=2")


@state("desk.glossary.delete", "asked")
def _(desk: Desk) -> TestResponse:
    make_terms(sham="Not real.")
    return desk.get("/desk/glossary/1/delete")


# Words of the site, files, backup, what was done, what was not found


@state("desk.settings.index", "too long a name")
def _(desk: Desk) -> TestResponse:
    return desk.sent("/desk/settings", name="x" * 500)


@state("desk.files.index", "nothing chosen")
def _(desk: Desk) -> TestResponse:
    return desk.sent("/desk/files", form="form[enctype]")


@state("desk.files.show", "new, changed, refused and left out")
def _(desk: Desk) -> TestResponse:
    return desk.get(_with_files(desk))


@state("desk.files.changes", "what is changed by one")
def _(desk: Desk) -> TestResponse:
    page = desk.mira.page(_with_files(desk))
    [way] = [link.get("href") for link in page.select("main a") if link.get("href").startswith("/desk/files/")][:1]
    return desk.get(way)


def _with_files(desk: Desk) -> str:
    about()
    files = {
        "visits.md": make_page_file("visits", lead="What comes next.").text,
        "new.md": make_page_file("new", title="New").text,
        "faulty.md": "title: x",
        "notes.txt": "x",
    }
    values: dict[str, Any] = dict(desk.mira.page("/desk/files").values("form[enctype]"))
    sent = [(io.BytesIO(text.encode()), name) for name, text in files.items()]
    answer = desk.mira.post("/desk/files", data=values | {"files": sent})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


@state("desk.backup.index", "what it holds")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/backup")


@state("desk.activity.index", "some lines")
def _(desk: Desk) -> TestResponse:
    published(about())
    return desk.get("/desk/activity")


@state("desk.attention.forget", "asked")
def _(desk: Desk) -> TestResponse:
    today = clock.today()
    db.session.add(MissedSearch(digest="a" * 64, words="service dog", days=3, first_on=today, last_on=today))
    db.session.commit()
    return desk.get(f"/desk/not-found/{'a' * 64}/forget")


@state("desk.attention.forget_all", "asked")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/not-found/forget-all")


# Searches for trials


def _search(slug: str = "hand-and-arm-use", **more: Any) -> int:
    """The topic of an approved search: one trial of a long name, one nobody confirmed, one that was left out."""
    make_categories("hand-and-arm-use", "pain", "sleep")
    long = make_trial(1, title="Rückenmarksverletzungsnachbehandlung " * 8, countries=tuple("ABCDEFGH"))
    found = (long, make_trial(2, verified=PartialDate(2020, 1)), make_trial(3, countries=(), changed=None))
    return make_search(*found, slug=slug, hidden=(3,), **more).category_id


@state("desk.recruiting.index", "proposed, approved, changed, too old, gone meanwhile")
def _(desk: Desk) -> TestResponse:
    _search(at=clock.now() - dt.timedelta(days=20))
    changed = db.session.get_one(TrialSearch, _search("sleep"))
    changed.words, changed.problem = "sleep OR " * 50, "ClinicalTrials.gov did not answer."
    db.session.commit()
    return desk.get("/desk/recruiting?said=gone")


@state("desk.recruiting.index", "no topics")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/recruiting")


@state("desk.recruiting.edit", "proposed")
def _(desk: Desk) -> TestResponse:
    make_categories("pain")
    return desk.get("/desk/recruiting/1")


@state("desk.recruiting.edit", "approved a moment ago, and changed since")
def _(desk: Desk) -> TestResponse:
    id_ = _search()
    db.session.get_one(TrialSearch, id_).words = "something else"
    db.session.commit()
    return desk.get(f"/desk/recruiting/{id_}?said=approved")


@state("desk.recruiting.edit", "with errors")
def _(desk: Desk) -> TestResponse:
    return desk.sent(f"/desk/recruiting/{_search()}", form="main form.form", condition="", words="x" * 600)


def _attempt(desk: Desk, *trials: FoundTrial, **changes: str) -> TestResponse:
    id_ = _search()
    with patch.object(routes, "find_trials", return_value=FoundTrials(len(trials), trials)):
        if changes:
            return desk.sent(f"/desk/recruiting/{id_}/try", **changes)
        return desk.get(f"/desk/recruiting/{id_}/try")


@state("desk.recruiting.attempt", "some found, one of them left out")
def _(desk: Desk) -> TestResponse:
    return _attempt(desk, make_trial(1, title="Rückenmarksverletzungsnachbehandlung " * 8), make_trial(3))


@state("desk.recruiting.attempt", "none found")
def _(desk: Desk) -> TestResponse:
    return _attempt(desk)


@state("desk.recruiting.attempt", "the words were changed meanwhile")
def _(desk: Desk) -> TestResponse:
    return _attempt(desk, make_trial(1), words="others")


@state("desk.recruiting.attempt", "no answer")
def _(desk: Desk) -> TestResponse:
    with patch.object(routes, "find_trials", side_effect=ScholarlyError("ClinicalTrials.gov did not answer.")):
        return desk.get(f"/desk/recruiting/{_search()}/try")
