"""Documents out as files, and in again."""

from __future__ import annotations

import os
import zipfile
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from sqlalchemy.exc import IntegrityError

from webapp.desk.activity.actions import note
from webapp.desk.files.plan import Plan
from webapp.desk.files.uploads import room
from webapp.documents.problems import InvalidDocumentError
from webapp.extensions import db
from webapp.formats import plural
from webapp.library import actions as library
from webapp.library.actions import LoadReport
from webapp.library.exporting import export_library
from webapp.page_cache.folder import PageFolderError

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the same documents are the same bytes."""


class FilesError(Exception):
    """Files could not come in or out. The text says why."""


def pack_documents(who: str, instance: Path) -> IO[bytes]:
    """All documents and lists as one zip, in a file that has no name and goes when it is closed.

    Raises FilesError when there is no room for it.
    """
    with ExitStack() as unfinished:
        try:
            folder = room(instance)
            packed = unfinished.enter_context(TemporaryFile(dir=folder))
            exported = Path(unfinished.enter_context(TemporaryDirectory(dir=folder)))
            count = export_library(exported)
            _zip(exported, packed)
        except OSError as error:
            raise FilesError(f"The files could not be written: {error.strerror}. Nothing was changed.") from None
        note(who, f"Downloaded all {plural(count, 'document')} as files.")
        db.session.commit()
        packed.seek(0)
        return os.fdopen(os.dup(packed.fileno()), "rb")  # the same file, which outlives this block


def _zip(folder: Path, target: IO[bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"documents/{path.relative_to(folder)}", EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def bring_in(who: str, plan: Plan, *, replace: bool) -> LoadReport:
    """Do what was planned. Raises FilesError when something came in between; then part of it may be done."""
    how = "as drafts" if plan.how == "drafts" else "to be published as they say"
    checked = plan.brought_in(replace=replace)
    changed = len(checked.documents) - len(plan.same)
    note(who, f"Brought in {plural(changed, 'document')} from files, {how}.")
    try:
        return library.bring_in(checked, plan.states, by=who)
    except (InvalidDocumentError, IntegrityError):
        db.session.rollback()
        raise FilesError(
            "Somebody changed the same documents at this moment. Part of the files may be in. Look once more."
        ) from None
    except PageFolderError as error:
        db.session.rollback()
        raise FilesError(str(error)) from None
