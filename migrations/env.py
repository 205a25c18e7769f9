"""Runs the migrations on the application's own database, with its own models. Called by `flask db`.

All steps of one command are one transaction (webapp/database.py says how): killed at any moment, the database has
the old schema or the new one. What would break a foreign key, or lose rows on the way down, is refused as a whole.

At the newest schema two things are done that need the models: what lists know is made anew where a step asked for it
(in the same transaction), and documents that come with the site and that it lacks are added (library/shipped.py).
"""

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from webapp import database
from webapp.documents import projection
from webapp.errors import FULL, TOO_NEW
from webapp.extensions import db
from webapp.library import shipped
from webapp.upkeep.migration_losses import contents, losses

PASSING_TABLES = {"alembic_version", "editions", "facet_counts", "heartbeats", "rate_limit_hits"}
SEARCH_TABLES = ("summary_search", "summary_words", "summary_vocabulary")


def is_ours(thing, name, kind, *_):
    """The search tables belong to FTS5, not to the models."""
    return not (kind == "table" and name.startswith(SEARCH_TABLES))


def is_counted(name):
    """Tables that hold what nobody could make anew. Counters and the edition's token are not among them."""
    return is_ours(None, name, "table") and name not in PASSING_TABLES


def destination():
    """The revision the command leads to; None when it only looks, as `flask db current` does."""
    try:
        return context.get_revision_argument() or "base"
    except KeyError:
        return None
    except CommandError:
        return "another"  # "-1", "+2" and the like


def migrate(connection, goal):
    steps = []
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_object=is_ours,
        transactional_ddl=True,
        on_version_apply=lambda step, **_: steps.append(step),
        **current_app.extensions["migrate"].configure_args,
    )
    here = context.get_context().get_current_heads()
    if set(here) - {step.revision for step in context.script.walk_revisions()}:
        raise CommandError(f"{TOO_NEW} Nothing was changed.")
    is_moving = goal is not None and here != (goal,)
    before = contents(connection, is_counted) if is_moving else None
    context.run_migrations()
    if any(not step.is_stamp and not step.is_upgrade for step in steps):
        refuse_losses(losses(before, contents(connection, is_counted)))
    if steps:
        refuse_broken_links(database.broken_links_in(connection))
    if any(step.is_upgrade and not step.is_stamp for step in steps) and is_newest():
        with Session(connection) as session:
            if projection.stale_documents(session, limit=1):
                projection.rebuild(session)
            session.flush()


def is_newest():
    """Whether the schema is now the one the models describe."""
    return context.get_context().get_current_heads() == (context.get_head_revision(),)


def refuse_losses(lost):
    if lost:
        raise CommandError(
            f"Going back to that version would lose {', '.join(lost)}. Nothing was changed. Keep what is here with "
            "`flask backup FILE`; a backup made with the older version comes back with `flask restore FILE`."
        )


def refuse_broken_links(broken):
    if broken:
        raise CommandError(f"The database would hold rows that lead nowhere: {'; '.join(broken)}. Nothing was changed.")


goal = destination()
try:
    if goal is not None:
        database.kind_of(db.engine.url).create(db.engine)
    with database.schema_transaction(db.engine, is_writing=goal is not None) as connection:
        migrate(connection, goal)
        is_ready = goal not in (None, "base") and is_newest() and database.is_whole(connection, db.metadata)
    if is_ready:
        shipped.add_missing()
        db.session.remove()
except (DBAPIError, OSError) as error:
    is_ours = isinstance(error, OperationalError)
    why = is_ours and (FULL if database.is_full(error) else database.why_unusable(error))
    reason = why or f"The reason: {getattr(error, 'orig', error)}"
    raise CommandError(f"The database could not be opened or changed; it is as it was. {reason}") from error
