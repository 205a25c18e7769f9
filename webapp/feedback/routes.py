"""Was this summary helpful? A fragment of the summary's page, and a page of its own."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug import Response as AnyResponse

from webapp.extensions import limiter
from webapp.feedback import actions, queries
from webapp.feedback.forms import FeedbackForm
from webapp.forms import checks_own_token
from webapp.htmx import render_page, wants_fragment
from webapp.models import Summary
from webapp.research.lookup import row_or_moved
from webapp.voter import RESEARCH, forget, known_voter, remember, sign, voter_of_form

bp = Blueprint("feedback", __name__, url_prefix="/research/<slug:slug>/feedback")

SAID = {
    "yes": "Thank you. You said yes, it was helpful.",
    "no": "Thank you. You said no, it was not helpful.",
    "details": "Thank you. We have kept what you wrote.",
    "withdraw": "Your answer is deleted.",
}


@bp.get("")
def show(slug: str) -> str:
    summary = row_or_moved(slug)
    said = SAID.get(request.args.get("said", "")) if known_voter() else None
    return _draw(summary, voter_of_form(None), said=said)


@bp.post("")
@checks_own_token
@limiter.limit("30 per minute; 200 per hour")
def answer(slug: str) -> AnyResponse | tuple[str, int]:
    summary = row_or_moved(slug)
    form = FeedbackForm()
    voter = voter_of_form(form.voter.data)
    if not form.validate() or not _apply_choice(form, summary.document_id, voter):
        return _draw(summary, voter, form), 422
    choice = form.choice.data
    if wants_fragment():
        response = make_response(_draw(summary, voter, said=SAID[choice]))
    else:
        response = make_response(redirect(url_for(".show", slug=slug, said=choice), 303))
    if choice == "withdraw" and not queries.has_votes(voter):
        forget(response, RESEARCH)
    else:
        remember(response, voter, RESEARCH)
    return response


def _apply_choice(form: FeedbackForm, document_id: int, voter: str) -> bool:
    """Do what the pressed button says; False when that cannot be, with the reason in the form."""
    try:
        match form.choice.data:
            case "withdraw":
                actions.withdraw_vote(document_id, voter)
            case "details":
                actions.explain_vote(document_id, voter, form.details)
            case choice:
                actions.record_vote(document_id, voter, is_helpful=choice == "yes", details=form.details)
    except (actions.NoVoteError, actions.NothingSaidError) as error:
        form.form_errors.append(str(error))
        return False
    return True


def _draw(summary: Summary, voter: str, form: FeedbackForm | None = None, *, said: str | None = None) -> str:
    """The form as it was sent, or with what this voter said so far."""
    vote = queries.vote_of(summary.document_id, voter)
    return render_page(
        "feedback/show.html",
        fragment="feedback",
        summary=summary,
        vote=vote,
        form=form or FeedbackForm(formdata=None, obj=vote),
        said=said or (SAID["yes" if vote.is_helpful else "no"] if vote and not form else ""),
        voter=None if known_voter() else sign(voter),
        vote_counts=queries.public_vote_counts(summary.document_id),
    )
