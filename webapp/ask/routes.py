"""Readers ask for a paper by its DOI, and want papers that others asked for.

Nothing here is the same for everyone, so nothing is kept: every page of it is `no-store`. No word of a reader is ever
shown to others. The services are asked for a moment only; what they do not tell now, `flask work` asks for later.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, request, url_for
from limits import parse
from werkzeug import Response as AnyResponse

from webapp.ask import actions, queries
from webapp.ask.forms import NO_DOI, AskForm, ConfirmForm, WishForm
from webapp.ask.found import Found, NoAnswerError, UnknownPaperError, found_in, signed
from webapp.ask.lookup import ask_services, doi_of_number, place_to_wait
from webapp.errors import or_404
from webapp.extensions import limiter
from webapp.forms import checks_own_token
from webapp.htmx import render_page, wants_fragment
from webapp.rate_limits import hit
from webapp.request import network_of_request
from webapp.scholarly.client import shared_client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.identifiers import doi_of_link, doi_or_none, normal_pmid
from webapp.voter import ASK, forget, known_voter, remember, sign, voter_of_form

bp = Blueprint("ask", __name__, url_prefix="/ask")

SECONDS = 4.0
"""A reader waits no longer for a service."""
LOOKUPS = parse("30 per minute")
"""Of all readers together. Beyond it, or while others wait, nothing is asked: a wish is kept with its DOI alone."""
NEW_PAPERS = parse("10 per day")
"""From one network."""
NEW_PAPERS_IN_ALL = parse("200 per day")
WISHES = parse("20 per day")
"""For one paper, from one network: a browser that keeps no cookie is somebody new with each press."""
TOO_MANY = "Many papers were asked for today. Please come back tomorrow and ask again."
TOO_MANY_WISHES = "Many readers of your network wanted this paper today. Please come back tomorrow."
NO_NUMBER_NOW = "We cannot look up PubMed numbers just now. Please type the DOI instead, or try again later."
MOST_PAGES = 10_000
SAID = {
    "asked": "Thank you. Your wish is kept.",
    "want": "Thank you. You want this paper too.",
    "leave": "Your wish is taken back.",
}


@bp.get("")
def index() -> str:
    return _index(AskForm(formdata=None))


@bp.post("")
@checks_own_token
@limiter.limit("20 per hour")
def look_up() -> AnyResponse:
    form = AskForm()
    found = _found(form) if form.validate() else None
    if found is None:
        return make_response(_index(form), 422)
    return redirect(url_for(".paper", found=signed(found)), 303)


def _found(form: AskForm) -> Found | None:
    """What is known of the paper that was typed; None with the reason in the form. What we have nobody is asked for."""
    typed = form.paper.data or ""
    try:
        doi = doi_of_link(typed) or doi_or_none(typed)
        if doi and (queries.summary_of(doi) or queries.paper_by_doi(doi)):
            return Found(doi)
        return _asked_for(doi, "" if doi else normal_pmid(typed))
    except ScholarlyError:
        form.paper.errors = (NO_DOI,)
    except (UnknownPaperError, NoAnswerError) as error:
        form.paper.errors = (str(error),)
    return None


def _asked_for(doi: str | None, pmid: str) -> Found:
    """What the services say. Raises UnknownPaperError, and NoAnswerError for a number without a DOI."""
    client = shared_client(current_app.config).in_seconds(SECONDS)
    try:
        with place_to_wait() as is_free:
            if not (is_free and hit(LOOKUPS, "papers looked up")):
                raise NoAnswerError
            doi = doi or doi_of_number(pmid, client)
            return ask_services(doi, client)
    except NoAnswerError as error:
        if doi is None:
            raise NoAnswerError(NO_NUMBER_NOW) from error
        return Found(doi)


@bp.get("/paper")
def paper() -> AnyResponse | str:
    """An address that is a week old, or was changed, leads to nothing; the form stands there again."""
    shown = _paper(request.args.get("found"), ConfirmForm(formdata=None))
    return shown or make_response(_index(AskForm(formdata=None), said="again"), 404)


@bp.post("/paper")
@checks_own_token
@limiter.limit("30 per hour")
def confirm() -> AnyResponse:
    """It is the right paper: from now on it is asked for."""
    form, known = ConfirmForm(), found_in(request.form.get("found"))
    if known is None:
        return redirect(url_for(".index", said="again"), 303)
    found, voter = known[0], voter_of_form(form.voter.data)
    if not form.validate() or not _keep(form, found, voter):
        return make_response(_paper(form.found.data, form) or "", 422)
    asked = queries.paper_by_doi(found.doi)
    way = url_for(".show", id_=asked.paper.id, said="asked") if asked else url_for(".index", said="kept")
    response = make_response(redirect(way, 303))
    remember(response, voter, ASK)
    return response


def _keep(form: ConfirmForm, found: Found, voter: str) -> bool:
    """Keep that it is asked for; False with the reason in the form. What readers can read already is not."""
    if found.withdrawn_by or queries.summary_of(found.doi):
        return False
    if not (hit(NEW_PAPERS, "asked papers", network_of_request()) and hit(NEW_PAPERS_IN_ALL, "asked papers in all")):
        form.form_errors.append(TOO_MANY)
        return False
    try:
        actions.ask_for(found, voter)
    except actions.NoMoreError as error:
        form.form_errors.append(str(error))
        return False
    return True


@bp.get("/<int:id_>")
def show(id_: int) -> str:
    """The address says what was done, and is believed where it fits."""
    voter, said = voter_of_form(None), request.args.get("said", "")
    asked = _asked(id_, voter)
    return _show(asked, voter, said=SAID.get(said) if asked.is_wished is (said != "leave") else None)


@bp.post("/<int:id_>")
@checks_own_token
@limiter.limit("30 per minute; 200 per hour")
def wish(id_: int) -> AnyResponse:
    form = WishForm()
    voter = voter_of_form(form.voter.data)
    asked = _asked(id_, voter)
    if not form.validate() or not _wish(form, asked, voter):
        return make_response(_show(asked, voter, form), 422)
    choice = form.choice.data or ""
    response = _after(id_, voter, choice)
    if choice == "leave" and not queries.has_wishes(voter):
        forget(response, ASK)
    else:
        remember(response, voter, ASK)
    return response


def _wish(form: WishForm, asked: queries.Asked, voter: str) -> bool:
    """Do what was pressed; False with the reason in the form. What cannot be wished for any more stays as it is."""
    id_ = asked.paper.id
    if form.choice.data == "leave":
        actions.take_back(id_, voter)
    elif asked.is_open and not asked.is_wished:
        if not hit(WISHES, "wishes for a paper", str(id_), network_of_request()):
            form.form_errors.append(TOO_MANY_WISHES)
            return False
        actions.want(id_, voter)
    return True


def _after(id_: int, voter: str, choice: str) -> Response:
    """The paper as it is now. One that nobody wants any more is gone, and with it its page."""
    asked = queries.paper_by_id(id_, voter)
    if wants_fragment():
        return make_response(_show(asked, voter, said=SAID[choice], id_=id_))
    way = url_for(".show", id_=id_, said=choice) if asked else url_for(".index", said="gone")
    return make_response(redirect(way, 303))


def _asked(id_: int, voter: str) -> queries.Asked:
    """One that readers are shown."""
    asked = or_404(queries.paper_by_id(id_, voter))
    return or_404(asked if asked.paper.title else None)


def _index(form: AskForm, said: str = "") -> str:
    order = "wanted" if request.args.get("order") == "wanted" else "newest"
    page = min(max(request.args.get("page", 1, int), 1), MOST_PAGES)
    voter = voter_of_form(None)
    rows, has_more = queries.public_papers(order, page, voter)
    asked: dict[str, Any] = {
        "order": order,
        "page": page,
        "has_more": has_more,
        "said": said or request.args.get("said", ""),
    }
    return render_page("ask/index.html", form=form, rows=rows, **asked, **_wishing(voter))


def _paper(text: str | None, form: ConfirmForm) -> str | None:
    """What was found, and what can be done with it; None where it cannot be read."""
    known = found_in(text)
    if known is None:
        return None
    found, found_on = known
    voter = voter_of_form(form.voter.data)
    more: dict[str, Any] = {"summary": queries.summary_of(found.doi), "asked": queries.paper_by_doi(found.doi, voter)}
    return render_page(
        "ask/paper.html", form=form, found=found, found_on=found_on, signed=text, **more, **_wishing(voter)
    )


def _show(
    asked: queries.Asked | None, voter: str, form: WishForm | None = None, *, said: str | None = None, id_: int = 0
) -> str:
    shown = {"asked": asked, "id_": asked.paper.id if asked else id_, "said": said, "form": form}
    return render_page("ask/show.html", fragment="wish", **shown, **_wishing(voter))


def _wishing(voter: str) -> dict[str, Any]:
    """What the buttons beside papers need: a form for each, and the voter while no cookie says who that is."""
    return {"wish_form": WishForm.of, "voter": None if known_voter() else sign(voter)}
