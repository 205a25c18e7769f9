"""The glossary at the desk: finding a term, one form for each, merging and deleting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.glossary import actions, queries
from webapp.desk.glossary.forms import NO_OTHER, MergeForm, TermForm, values_of
from webapp.desk.meanwhile import MeanwhileError
from webapp.editorial import readability
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.glossary.filters import GlossaryFilter
from webapp.glossary.queries import every_term
from webapp.models import Term

bp = Blueprint("glossary", __name__, url_prefix="/glossary")


@bp.errorhandler(MeanwhileError)
def look_once_more(_error: MeanwhileError) -> AnyResponse:
    return redirect(url_for(".index", said="meanwhile"), 303)


@bp.get("")
def index() -> str:
    wanted = GlossaryFilter.from_query(request.args)
    is_unchecked = request.args.get("only") == "unchecked"
    terms = [term for term in wanted.among(every_term()) if not (is_unchecked and term.is_checked)]
    return render_template(
        "desk/glossary/index.html",
        terms=terms,
        uses=queries.counts_of_uses(),
        words=wanted.q,
        only="unchecked" if is_unchecked else None,
        said=request.args.get("said", ""),
    )


@bp.route("/new", methods=["GET", "POST"])
@checks_own_token
def new() -> AnyResponse:
    form = TermForm(**_unsent())
    if request.method == "POST" and form.validate():
        try:
            term = actions.add(signed_in_account(), form.term)
        except actions.TermError as error:
            form[error.field].errors = (str(error),)
        else:
            return redirect(url_for(".edit", id_=term.id, said="added"), 303)
    return _form(form)


@bp.route("/<int:id_>", methods=["GET", "POST"])
@checks_own_token
def edit(id_: int) -> AnyResponse:
    term = _listed(id_)
    form = TermForm(**_unsent(data=values_of(term)))
    if request.method == "POST" and form.validate():
        try:
            actions.change(signed_in_account(), term, form.term)
        except actions.TermError as error:
            form[error.field].errors = (str(error),)
        else:
            return redirect(url_for(".edit", id_=id_, said="saved"), 303)
    return _form(form, term)


def _form(form: TermForm, term: Term | None = None) -> AnyResponse:
    definition = form.definition.data or ""
    page = render_template(
        "desk/glossary/edit.html",
        form=form,
        term=term,
        grade=readability.grade(definition) if definition else 0.0,
        most=readability.MAX_GRADE,
        said=request.args.get("said", "") if request.method == "GET" else "",
    )
    return make_response(page, _status(form))


@bp.route("/<int:id_>/merge", methods=["GET", "POST"])
@checks_own_token
def merge(id_: int) -> AnyResponse:
    """Which term takes its place: chosen, then shown what that means, then done."""
    term = _listed(id_)
    others = [one for one in every_term() if one is not term]
    form = MergeForm(**_unsent(data={"into": request.args.get("into", "")}))
    into = next((one for one in others if str(one.id) == form.into.data), None)
    if request.method == "POST" and form.validate() and into is not None:
        actions.merge(signed_in_account(), term, into)
        return redirect(url_for(".edit", id_=into.id, said="merged"), 303)
    if into is None and (request.method == "POST" or "into" in request.args):
        form.into.errors = (NO_OTHER,)
    page = render_template(
        "desk/glossary/merge.html",
        term=term,
        into=into,
        form=form,
        others=others,
        uses=queries.uses_of(term) if into else None,
        names=actions.with_names(into, term) if into else [],
    )
    return make_response(page, _status(form))


@bp.route("/<int:id_>/delete", methods=["GET", "POST"])
@checks_own_token
def delete(id_: int) -> AnyResponse:
    """Asked first. One that readers meet is not deleted: the page says where."""
    term = _listed(id_)
    if request.method == "POST":
        check_button()
        try:
            actions.delete(signed_in_account(), term)
        except actions.InUseError:
            pass
        else:
            return redirect(url_for(".index", said="deleted"), 303)
    page = render_template(
        "desk/glossary/delete.html", term=term, uses=queries.uses_of(term), button=ButtonForm(formdata=None)
    )
    return make_response(page, 409 if request.method == "POST" else 200)


def _listed(id_: int) -> Term:
    """A term that readers see."""
    term = or_404(queries.term_by_id(id_))
    return or_404(None if term.leads_to else term)


def _unsent(**options: Any) -> dict[str, Any]:
    """A form that is only shown takes nothing from the request."""
    return {**options, "formdata": None} if request.method != "POST" else options


def _status(form: TermForm | MergeForm) -> int:
    return 422 if form.error_list else 200
