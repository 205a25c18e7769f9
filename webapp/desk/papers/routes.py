"""New papers: which wait, what they may be about, and what the owner decides about each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.database import LARGEST_NUMBER
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.paging import page_asked_for
from webapp.desk.papers.forms import WordsForm
from webapp.desk.papers.listing import asked_of, choice_in, design_options, topic_options
from webapp.editorial.designs import DESIGNS
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.models import NewPaper
from webapp.scholarly.errors import ScholarlyError
from webapp.watch.papers import queries
from webapp.watch.papers.words import DEFAULT, words_of

bp = Blueprint("papers", __name__, url_prefix="/papers")
PER_PAGE = 25
TRIED_DAYS, TRIED_PAPERS = dt.timedelta(days=30), 8
"""What "Try it" looks through, and how many papers it shows."""


@bp.get("")
def index() -> str:
    """The address says which were asked for and, after a press, what was done with which, so that it can be undone."""
    choice, page = choice_in(request.args), page_asked_for()
    rows, has_more = queries.papers(choice, page, PER_PAGE)
    topics = {one.slug: one.name for one in queries.categories()}
    return render_template(
        "desk/papers/index.html",
        rows=rows,
        has_more=has_more,
        page=page,
        choice=choice,
        asked=asked_of(choice),
        counts={state: queries.count_of(state) for state in queries.STATES},
        kinds=design_options(choice),
        subjects=topic_options(choice, topics),
        topics=topics,
        designs=DESIGNS,
        search=queries.the_search(),
        said=request.args.get("said", ""),
        done=_paper_or_none(request.args.get("paper", 0, int)),
        button=ButtonForm(formdata=None),
    )


@bp.post("/<int:id_>/summarise")
@checks_own_token
def summarise(id_: int) -> AnyResponse:
    from webapp.desk.drafts import actions  # here: what asks services is slow to load
    from webapp.desk.drafts.facts import of_new
    from webapp.scholarly.client import shared_client

    check_button()
    paper, client = of_new(_paper(id_)), shared_client(current_app.config)
    try:
        document = actions.summarise(signed_in_account(), paper, client, although_withdrawn="although" in request.form)
    except actions.WithdrawnError:
        return _back("withdrawn", id_)
    said = "taken-up" if document.first_published_at is None else "there-already"
    return redirect(url_for("desk.writing.edit", id_=document.id, said=said), 303)


@bp.post("/<int:id_>/decline")
@checks_own_token
def decline(id_: int) -> AnyResponse:
    from webapp.desk.papers import actions

    check_button()
    actions.decline(signed_in_account(), _paper(id_))
    return _back("declined", id_)


@bp.post("/<int:id_>/take-back")
@checks_own_token
def take_back(id_: int) -> AnyResponse:
    from webapp.desk.papers import actions

    check_button()
    actions.take_back(signed_in_account(), _paper(id_))
    return _back("taken-back", id_)


@bp.get("/search")
def words() -> str:
    return _words_page(WordsForm(formdata=None, data={"words": words_of(queries.the_search())}))


@bp.post("/search")
@checks_own_token
def change_words() -> AnyResponse:
    """Save the words; or try them, when nothing is changed and what was typed still stands there."""
    from webapp.desk.papers import actions

    form = WordsForm()
    if not form.validate():
        return make_response(_words_page(form), 422)
    words = form.words.data or ""
    if request.form.get("do") == "try":
        return make_response(_words_page(form, **_tried(words or DEFAULT)))
    is_other = actions.change_words(signed_in_account(), words)
    return redirect(url_for(".words", said="changed" if is_other else "same"), 303)


def _tried(words: str) -> dict[str, Any]:
    """What these words find, or why nobody could say."""
    from webapp.scholarly.client import shared_client
    from webapp.scholarly.paper_search import search_papers

    today = clock.today()
    try:
        client = shared_client(current_app.config)
        return {"tried": search_papers(client, words, today - TRIED_DAYS, today, per_page=TRIED_PAPERS)}
    except ScholarlyError as error:
        return {"problem": str(error)}


def _words_page(form: WordsForm, **tried: Any) -> str:
    found = {"search": queries.the_search(), "default": DEFAULT, "said": request.args.get("said", "")}
    return render_template("desk/papers/words.html", form=form, days=TRIED_DAYS.days, **found, **tried)


def _back(said: str, id_: int) -> AnyResponse:
    """To the list as it was, at what is said of it: the next paper stands below."""
    where = asked_of(choice_in(request.args))
    return redirect(url_for(".index", **where, page=_page_or_none(), said=said, paper=id_, _anchor="papers"), 303)  # type: ignore[arg-type]


def _page_or_none() -> int | None:
    page = page_asked_for()
    return page if page > 1 else None


def _paper(id_: int) -> NewPaper:
    return or_404(_paper_or_none(id_))


def _paper_or_none(id_: int) -> NewPaper | None:
    return queries.paper_by_id(id_) if 0 < id_ <= LARGEST_NUMBER else None
