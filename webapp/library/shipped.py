"""The documents that come with the site."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import IntegrityError

from webapp.extensions import db
from webapp.library import queries
from webapp.library.actions import LoadReport, Over, add_missing_files, load_library
from webapp.library.checking import Progress

STARTER = Path(__file__).parent / "starter"
"""Their files."""
LANGUAGE = "en"
"""What they are written in, whatever the language of the site."""
PAGES = STARTER / "pages"


def add_missing() -> LoadReport:
    """Add what comes with the site and is not there; nothing that is there changes.

    Standing pages belong to every site. Summaries and topic answers are added to a site that has some of ours, and
    not to one that its owner fills with a library of their own.
    """
    keys = {path.stem for path in (STARTER / "summaries").glob("*.md")}
    has_ours = not keys.isdisjoint(queries.Known.load().summaries.get(LANGUAGE, set()))
    paths = [STARTER] if has_ours else [PAGES]
    try:
        return add_missing_files(paths, language=LANGUAGE)
    except IntegrityError:  # another process is adding them at this moment: what it has not, is added here
        db.session.rollback()
        return add_missing_files(paths, language=LANGUAGE)


def load(progress: Progress = iter, writing: Over = iter, *, overwrite: bool = False) -> LoadReport:
    """Load what comes with the site."""
    return load_library([STARTER], overwrite=overwrite, progress=progress, writing=writing, language=LANGUAGE)
