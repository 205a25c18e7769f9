"""Categories at the desk: their groups, one form for each, merging and deleting."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from webapp.categories.queries import counted_categories, other_names
from webapp.desk.accounts.sessions import signed_in_account
from webapp.desk.categories import actions, queries
from webapp.desk.categories.forms import NO_OTHER, CategoryForm, MergeForm
from webapp.desk.forms import ButtonForm, check_button
from webapp.desk.meanwhile import MeanwhileError
from webapp.errors import or_404
from webapp.forms import checks_own_token
from webapp.models import Category
from webapp.watch.recruiting.queries import search_of

bp = Blueprint("categories", __name__, url_prefix="/categories")


@bp.errorhandler(MeanwhileError)
def look_once_more(_error: MeanwhileError) -> AnyResponse:
    return redirect(url_for(".index", said="meanwhile"), 303)


@bp.get("")
def index() -> str:
    groups = counted_categories()
    names = {counted.category.slug: counted.category.name for group in groups.values() for counted in group}
    return render_template(
        "desk/categories/index.html",
        groups=groups,
        other_names=other_names(),
        names=names,
        moved=request.args.get("moved", 0, int),
        way=request.args.get("way", ""),
        said=request.args.get("said", ""),
        button=ButtonForm(formdata=None),
    )


@bp.route("/new", methods=["GET", "POST"])
@checks_own_token
def new() -> AnyResponse:
    form = CategoryForm(queries.group_names(), **_unsent())
    if request.method == "POST" and form.validate():
        try:
            actions.add(signed_in_account(), **form.values)
        except actions.CategoryError as error:
            form.name.errors = (str(error),)
        else:
            return redirect(url_for(".index", said="added"), 303)
    return make_response(render_template("desk/categories/edit.html", form=form, category=None), _status(form))


@bp.route("/<int:id_>", methods=["GET", "POST"])
@checks_own_token
def edit(id_: int) -> AnyResponse:
    category = _listed(id_)
    form = CategoryForm(queries.group_names(), obj=category, **_unsent())
    if request.method == "POST" and form.validate():
        try:
            actions.change(signed_in_account(), category, **form.values)
        except actions.CategoryError as error:
            form.name.errors = (str(error),)
        else:
            return redirect(url_for(".index", said="saved"), 303)
    return make_response(render_template("desk/categories/edit.html", form=form, category=category), _status(form))


@bp.post("/<int:id_>/<any(up,down):way>")
@checks_own_token
def move(id_: int, way: str) -> AnyResponse:
    """Up or down in its group. The page comes back with the focus on the same button: no anchor may take it away."""
    check_button()
    actions.move(signed_in_account(), _listed(id_), -1 if way == "up" else 1)
    return redirect(url_for(".index", moved=id_, way=way), 303)


@bp.route("/<int:id_>/merge", methods=["GET", "POST"])
@checks_own_token
def merge(id_: int) -> AnyResponse:
    """Which category takes its place: chosen, then shown what that means, then done."""
    category = _listed(id_)
    others = [one for one in queries.listed() if one is not category]
    form = MergeForm(**_unsent(data={"into": request.args.get("into", "")}))
    into = next((one for one in others if str(one.id) == form.into.data), None)
    if request.method == "POST" and form.validate() and into is not None:
        actions.merge(signed_in_account(), category, into)
        return redirect(url_for(".index", said="merged"), 303)
    if into is None and (request.method == "POST" or "into" in request.args):
        form.into.errors = (NO_OTHER,)
    page = render_template(
        "desk/categories/merge.html",
        category=category,
        into=into,
        form=form,
        others=[(group, list(some)) for group, some in groupby(others, lambda one: one.group)],
        uses=queries.uses_of(category) if into else None,
        answers=[queries.answer_to(one) for one in (category, into)] if into else [],
        has_search=search_of(category) is not None,
    )
    return make_response(page, _status(form))


@bp.route("/<int:id_>/delete", methods=["GET", "POST"])
@checks_own_token
def delete(id_: int) -> AnyResponse:
    """Asked first. One that is in use is not deleted: the page says where."""
    category = or_404(queries.category_by_id(id_))
    if request.method == "POST":
        check_button()
        try:
            actions.delete(signed_in_account(), category)
        except actions.InUseError:
            pass
        else:
            return redirect(url_for(".index", said="deleted"), 303)
    page = render_template(
        "desk/categories/delete.html",
        category=category,
        uses=queries.uses_of(category),
        has_search=search_of(category) is not None,
        button=ButtonForm(formdata=None),
    )
    return make_response(page, 409 if request.method == "POST" else 200)


def _listed(id_: int) -> Category:
    """A category that readers choose from."""
    category = or_404(queries.category_by_id(id_))
    return or_404(None if category.leads_to else category)


def _unsent(**options: Any) -> dict[str, Any]:
    """A form that is only shown takes nothing from the request."""
    return {**options, "formdata": None} if request.method != "POST" else options


def _status(form: CategoryForm | MergeForm) -> int:
    return 422 if form.error_list else 200
