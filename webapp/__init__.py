"""Spinal Cord Research Help: spinal cord injury research in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask

from webapp import (
    assets,
    config,
    database,
    errors,
    extensions,
    formats,
    forms,
    instance_folder,
    logs,
    rate_limits,
    security,
    site,
    site_words,
    urls,
)
from webapp.ask.routes import bp as ask_bp
from webapp.categories.routes import bp as categories_bp
from webapp.cli import commands
from webapp.contact.routes import bp as contact_bp
from webapp.data.routes import bp as data_bp
from webapp.desk.routes import bp as desk_bp
from webapp.feedback.routes import bp as feedback_bp
from webapp.feeds.routes import bp as feeds_bp
from webapp.glossary.routes import bp as glossary_bp
from webapp.indexnow.routes import bp as indexnow_bp
from webapp.page_cache import cacheable
from webapp.pages.routes import bp as pages_bp
from webapp.request import Request
from webapp.research.routes import bp as research_bp
from webapp.subscriptions.routes import bp as subscriptions_bp
from webapp.upkeep.routes import bp as upkeep_bp

BLUEPRINTS = (
    pages_bp,
    research_bp,
    feedback_bp,
    ask_bp,
    categories_bp,
    glossary_bp,
    feeds_bp,
    data_bp,
    indexnow_bp,
    subscriptions_bp,
    contact_bp,
    upkeep_bp,
    desk_bp,
)


def create_app(instance: Path | None = None, **settings: Any) -> Flask:
    """The application. `instance` is the folder of what this site keeps; `settings` replace what the
    environment says. Raises SettingError for a setting that cannot be used.
    """
    app = urls.Site(__name__, instance_path=str(instance) if instance else None)
    app.config.update(config.flask_config(Path(app.instance_path)) | settings)
    instance_folder.init_app(app)
    app.request_class = Request
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "extensions": [assets.Unindented]}
    extensions.db.init_app(app)
    with app.app_context():
        database.init_app(app, extensions.db.engine)
    extensions.Migrations(app, str(Path(app.root_path).parent / "migrations"))
    extensions.csrf.init_app(app)
    extensions.compress.init_app(app)
    for part in (urls, site, site_words, assets, formats, errors, security, forms, rate_limits, cacheable, commands):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    logs.init_app(app)
    return app
