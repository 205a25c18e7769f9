"""Was this summary helpful? A fragment of the summary's page, and a page of its own."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug import Response as AnyResponse

from webapp.extensions import limiter
from webapp.feedback import actions, queries
from webapp.feedback.forms import LONGEST_COMMENT, FeedbackForm
from webapp.feedback.voter import forget, known_reader, reader_of_form, remember, sign
from webapp.forms import checks_own_token
from webapp.htmx import render_page, wants_fragment
from webapp.models import Summary
from webapp.research.queries import summary_at
from webapp.research.routes import moved
from webapp.urls import or_404

bp = Blueprint("feedback", __name__, url_prefix="/research/<slug>/feedback")

SAID = {
    "yes": "Thank you. You said yes, it was helpful.",
    "no": "Thank you. You said no, it was not helpful.",
    "details": "Thank you. We have kept what you wrote.",
    "withdraw": "Your answer is deleted.",
}


@bp.get("")
def show(slug: str) -> str | AnyResponse:
    summary = summary_at(slug)
    if summary is None:
        return moved(slug, "feedback.show")
    said = SAID.get(request.args.get("said", "")) if known_reader() else None
    return _draw(summary, reader_of_form(None), said=said)


@bp.post("")
@checks_own_token
@limiter.limit("30 per minute; 200 per hour")
def answer(slug: str) -> AnyResponse | tuple[str, int]:
    summary = summary_at(slug)
    if summary is None:
        return moved(slug, "feedback.answer")
    form = FeedbackForm()
    reader = reader_of_form(form.reader.data)
    if not form.validate() or not _is_kept(form, summary.id, reader):
        return _draw(or_404(summary_at(slug)), reader, form), 422
    choice = form.choice.data
    if wants_fragment():
        response = make_response(_draw(or_404(summary_at(slug)), reader, said=SAID[choice]))
    else:
        response = make_response(redirect(url_for(".show", slug=slug, said=choice), 303))
    if choice == "withdraw" and not queries.has_votes(reader):
        forget(response)
    else:
        remember(response, reader)
    return response


def _is_kept(form: FeedbackForm, summary_id: int, reader: str) -> bool:
    """Do what the pressed button says; False when that cannot be, with the reason in the form."""
    try:
        match form.choice.data:
            case "withdraw":
                actions.withdraw_vote(summary_id, reader)
            case "details":
                actions.explain_vote(summary_id, reader, form.details)
            case choice:
                actions.record_vote(summary_id, reader, is_helpful=choice == "yes", details=form.details)
    except actions.NoVoteError as error:
        form.form_errors.append(str(error))
        return False
    return True


def _draw(summary: Summary, reader: str, form: FeedbackForm | None = None, *, said: str | None = None) -> str:
    """The form as it was sent, or with what this reader said so far."""
    vote = queries.vote_of(summary.id, reader)
    return render_page(
        "feedback/show.html",
        fragment="feedback",
        summary=summary,
        vote=vote,
        form=form or FeedbackForm(formdata=None, obj=vote),
        said=said or (SAID["yes" if vote.is_helpful else "no"] if vote and not form else ""),
        reader=None if known_reader() else sign(reader),
        longest_comment=LONGEST_COMMENT,
    )
