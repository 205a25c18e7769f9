"""The searches for trials that look for people: one for each topic, tried and approved by the owner."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp import clock
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.recruiting import actions
from webapp.desk.recruiting.forms import ApproveForm, WordsForm
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.scholarly.client import TYPED, shared_client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.trial_search import FoundTrials, find_trials, search_page
from webapp.watch.recruiting import queries
from webapp.watch.recruiting.listing import CURRENT, kept, listed, recruiting
from webapp.watch.recruiting.proposals import Words, has_proposal, words_of

bp = Blueprint("recruiting", __name__, url_prefix="/recruiting")


@bp.errorhandler(actions.NotATopicError)
def gone(_error: actions.NotATopicError) -> AnyResponse:
    return redirect(url_for(".index", said="gone"), 303)


@bp.get("")
def index() -> str:
    """All topics, with the search of each; what waits comes first."""
    now = clock.now()
    topics = sorted(queries.topics(), key=lambda topic: not topic.waits(now))
    return render_template(
        "desk/recruiting/index.html",
        topics=[(topic, words_of(topic.category.slug, topic.search)) for topic in topics],
        waiting=sum(topic.waits(now) for topic in topics),
        live=sum(bool(topic.search and topic.search.is_live) for topic in topics),
        has_proposal=has_proposal,
        said=request.args.get("said", ""),
        now=now,
        current=CURRENT,
    )


@bp.route("/<int:id_>", methods=["GET", "POST"])
@checks_own_token
def edit(id_: int) -> AnyResponse:
    """The words of one, what readers see of it, and what was left out. Words that are saved are tried next."""
    topic = or_404(queries.topic(id_))
    form = WordsForm(data=_words(topic)._asdict())
    if request.method == "POST" and form.validate():
        actions.save_words(signed_in_account(), topic.category, form.asked)
        return redirect(url_for(".attempt", id_=id_), 303)
    page = render_template(
        "desk/recruiting/edit.html",
        form=form,
        button=ButtonForm(formdata=None),
        hidden=queries.hidden_in(id_),
        shown=recruiting(topic.search, queries.hidden_in(id_), clock.now()) if topic.search else None,
        said=request.args.get("said", ""),
        **_about(topic),
    )
    return make_response(page, 422 if form.error_list else 200)


@bp.route("/<int:id_>/try", methods=["GET", "POST"])
@checks_own_token
def attempt(id_: int) -> AnyResponse:
    """What the words find now; nothing of it is seen by readers before it is approved here."""
    topic = or_404(queries.topic(id_))
    words, form = _words(topic), ApproveForm(_words(topic))
    is_approved = request.method == "POST" and form.validate()
    left_out = set(request.form.getlist("left_out") if request.method == "POST" else queries.hidden_in(id_))
    found, problem = _found(words)
    if is_approved and not problem:
        actions.approve(signed_in_account(), topic.category, words, found, left_out)
        return redirect(url_for(".edit", id_=id_, said="approved"), 303)
    page = render_template(
        "desk/recruiting/try.html",
        form=form,
        fresh=ApproveForm(words, formdata=None),
        found=found,
        trials=[listed(kept(trial), clock.today()) for trial in found.trials],
        problem=problem,
        left_out=left_out,
        **_about(topic),
    )
    return make_response(page, 422 if request.method == "POST" else 200)


@bp.post("/<int:id_>/stop")
@checks_own_token
def stop(id_: int) -> AnyResponse:
    """Not asked first: it is approved again by two presses."""
    check_button()
    actions.stop(signed_in_account(), or_404(queries.topic(id_)).category)
    return redirect(url_for(".edit", id_=id_, said="stopped"), 303)


@bp.post("/<int:id_>/trials/<number>/<any('leave-out','put-back'):what>")
@checks_own_token
def sort_out(id_: int, number: str, what: str) -> AnyResponse:
    """Whether one trial belongs to the topic."""
    check_button()
    act = actions.leave_out if what == "leave-out" else actions.put_back
    act(signed_in_account(), or_404(queries.topic(id_)).category, number)
    return redirect(url_for(".edit", id_=id_, said=what), 303)


def _words(topic: queries.Topic) -> Words:
    return words_of(topic.category.slug, topic.search)


def _found(words: Words) -> tuple[FoundTrials, str]:
    """What they find, and why nothing could be found out, if it is so."""
    try:
        return find_trials(shared_client(current_app.config), *words), ""
    except ScholarlyError as error:
        return FoundTrials(0, ()), str(error).replace(f" {TYPED}", "")


def _about(topic: queries.Topic) -> dict[str, Any]:
    words = _words(topic)
    return {"category": topic.category, "search": topic.search, "words": words, "at_registry": search_page(*words)}
