"""Makes pages before the workers of a server are forked: what pages need is then there once, in memory they share."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Category, Summary
from webapp.page_cache.remaking import ask


def warm_up(app: Flask) -> None:
    """Make a page of each kind, then close what was opened: no two processes may share a connection.

    What is loaded, compiled and remembered by that stays where it is. A worker that did it for itself would have its
    own copy of half the memory.
    """
    with app.app_context():
        summary = db.session.scalars(select(Summary.slug).order_by(Summary.document_id).limit(1))
        category = db.session.scalars(Category.listed().with_only_columns(Category.slug).limit(1))
        some = [f"/research/{slug}" for slug in summary] + [f"/categories/{slug}" for slug in category]
    for path in ("/", "/research/", "/glossary/", "/about", *some):
        ask(app, path)
    ask(app, "/research/", "q=spinal")
    with app.app_context():
        db.engine.dispose()
    app.extensions["page_folder"].edition.close()
