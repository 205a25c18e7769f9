"""The first page of the desk."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from webapp.desk import navigation
from webapp.desk.accounts.routes import bp as accounts_bp
from webapp.desk.activity.queries import latest_activities
from webapp.desk.activity.routes import bp as activity_bp
from webapp.desk.asked.routes import bp as asked_bp
from webapp.desk.attention.charts import charts
from webapp.desk.attention.health import with_code
from webapp.desk.attention.lines.readers import url_of
from webapp.desk.attention.order import lines_of
from webapp.desk.attention.queries import document_count, latest_given_up
from webapp.desk.attention.routes import bp as attention_bp
from webapp.desk.attention.waiting import MOST, attention
from webapp.desk.backup.routes import bp as backup_bp
from webapp.desk.blueprint import bp
from webapp.desk.categories.routes import bp as categories_bp
from webapp.desk.corrections.routes import bp as corrections_bp
from webapp.desk.files.routes import bp as files_bp
from webapp.desk.forms import ButtonForm
from webapp.desk.glossary.routes import bp as glossary_bp
from webapp.desk.inbox.routes import bp as inbox_bp
from webapp.desk.papers.routes import bp as papers_bp
from webapp.desk.previews.routes import bp as previews_bp
from webapp.desk.readers.routes import bp as readers_bp
from webapp.desk.recruiting.routes import bp as recruiting_bp
from webapp.desk.settings.routes import bp as settings_bp
from webapp.desk.trials.routes import bp as trials_bp
from webapp.desk.versions.routes import bp as versions_bp
from webapp.desk.watch.routes import bp as watch_bp
from webapp.desk.writing.problems import standing_at
from webapp.desk.writing.routes import bp as writing_bp
from webapp.desk.writing.typed import path_of
from webapp.feedback.forms import PARTS
from webapp.security import allow_own_frames
from webapp.upkeep.heartbeats.queries import last_heartbeat

LATEST = 8
"""Lines of the activity log on the first page."""

__all__ = ["bp"]

bp.register_blueprint(accounts_bp)
bp.register_blueprint(attention_bp)
bp.register_blueprint(writing_bp)
bp.register_blueprint(versions_bp)
bp.register_blueprint(previews_bp)
bp.after_request(allow_own_frames)
bp.register_blueprint(corrections_bp)
bp.register_blueprint(watch_bp)
bp.register_blueprint(papers_bp)
bp.register_blueprint(trials_bp)
bp.register_blueprint(recruiting_bp)
bp.register_blueprint(asked_bp)
bp.register_blueprint(files_bp)
bp.register_blueprint(backup_bp)
bp.register_blueprint(settings_bp)
bp.register_blueprint(activity_bp)
bp.register_blueprint(inbox_bp)
bp.register_blueprint(readers_bp)
bp.register_blueprint(categories_bp)
bp.register_blueprint(glossary_bp)


@bp.context_processor
def helpers() -> dict[str, Any]:
    """The token of the button on every page, and what the form of a document asks of the names of its fields."""
    return {
        "sign_out_token": lambda: ButtonForm(formdata=None)["csrf_token"].current_token,
        "desk_links": navigation,
        "press_path": path_of,
        "has_findings": lambda name: standing_at(path_of(name)) == path_of(name),
    }


@bp.get("/")
def home() -> str:
    """What wants attention."""
    found = attention()
    return render_template(
        "desk/home.html",
        attention=found,
        lines=lines_of(found),
        given_up=latest_given_up(MOST) if found.given_up.number else [],
        charts=charts(found.now.date()),
        parts=PARTS,
        most=MOST,
        with_code=with_code,
        worker_seen_at=last_heartbeat(),
        url_of=url_of,
        documents=document_count(),
        activities=latest_activities(LATEST),
        said=request.args.get("said", ""),
    )
