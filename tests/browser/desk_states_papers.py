"""New papers at the desk, state by state: rows of the table of desk_states.py."""

from __future__ import annotations

from unittest.mock import patch

from werkzeug.test import TestResponse

from tests.ask.conftest import make_asked
from tests.browser.desk_states import Desk, state
from tests.factories import make_categories
from tests.scholarly.answers import new_paper, search_page
from tests.scholarly.server import Service, serving
from tests.watch.papers.making import make_new_paper, make_search
from webapp.desk.drafts import facts
from webapp.desk.writing.lookup import Found
from webapp.scholarly.client import URL_SETTINGS

LONG = "Effects of transcutaneous spinal stimulation, with training, on reaching and grasping " * 3
WITHOUT_BREAK = "averylongnumberwithoutanybreak" * 4


def _papers(many: int = 3) -> list[int]:
    make_categories("hand-and-arm-use", "pain")
    make_search()
    strange = {"title": LONG, "journal": WITHOUT_BREAK, "plain_summary": "yes", "is_retracted": True}
    bare = {
        "title": "Walking",
        "doi": None,
        "design": "",
        "design_why": "",
        "topic": "",
        "authors": "",
        "published": None,
    }
    ids = [make_new_paper(1), make_new_paper(2, **strange), make_new_paper(3, is_preprint=True, **bare)]
    return ids + [make_new_paper(number, topic="pain", design="cohort") for number in range(4, many + 1)]


def _pressed(desk: Desk, id_: int, what: str, where: str = "") -> TestResponse:
    """The page after a press of a button of a paper."""
    page = desk.mira.page(f"/desk/papers{where}")
    [form] = [one for one in page.select("main .desk-rows form") if f"/{id_}/{what}" in one.get("action")]
    token = {"csrf_token": form.cssselect("input")[0].get("value")}
    return desk.get(desk.mira.post(form.get("action"), data=token).location.partition("#")[0])


@state("desk.papers.index", "many, one just put aside")
def _(desk: Desk) -> TestResponse:
    ids = _papers(30)
    for number in (2, 4, 5):
        make_asked(f"10.5555/new.{number}", voters=number)
    return _pressed(desk, ids[0], "decline")


@state("desk.papers.index", "narrowed to nothing, after a search that failed")
def _(desk: Desk) -> TestResponse:
    make_new_paper()
    make_search(problem="Europe PMC did not answer. Try again later.")
    return desk.get("/desk/papers?design=rct&topic=none")


@state("desk.papers.index", "what is not for us, one taken back")
def _(desk: Desk) -> TestResponse:
    for id_ in _papers()[:2]:
        _pressed(desk, id_, "decline")
    return _pressed(desk, 1, "take-back", "?state=declined")


@state("desk.papers.index", "withdrawn, as was found when it was to be summarised")
def _(desk: Desk) -> TestResponse:
    ids = _papers()
    with patch.object(facts, "look_up", lambda content, client: Found(content, is_retracted=True)):
        return _pressed(desk, ids[0], "summarise")


@state("desk.papers.index", "with a summary")
def _(desk: Desk) -> TestResponse:
    for id_ in _papers():
        with patch.object(facts, "look_up", lambda content, client: Found(content)):
            _pressed(desk, id_, "summarise")
    return desk.get("/desk/papers?state=drafted")


@state("desk.writing.edit", "begun from a new paper")
def _(desk: Desk) -> TestResponse:
    with patch.object(facts, "look_up", lambda content, client: Found(content)):
        return _pressed(desk, _papers()[0], "summarise")


@state("desk.papers.words", "the words of the program")
def _(desk: Desk) -> TestResponse:
    return desk.get("/desk/papers/search")


@state("desk.papers.words", "other words, just saved")
def _(desk: Desk) -> TestResponse:
    return desk.get(desk.sent("/desk/papers/search", words=f"arms AND {WITHOUT_BREAK}", do="save").location)


@state("desk.papers.words", "tried")
def _(desk: Desk) -> TestResponse:
    with serving(Service()) as service:
        service.replies_with(search_page(new_paper(), new_paper(id="2", title=LONG), total=230))
        with patch.dict(desk.mira.application.config, dict.fromkeys(URL_SETTINGS, service.url)):
            return desk.sent("/desk/papers/search", words="arms", do="try")


@state("desk.papers.words", "words that are not whole")
def _(desk: Desk) -> TestResponse:
    return desk.sent("/desk/papers/search", words="(arms", do="save")
