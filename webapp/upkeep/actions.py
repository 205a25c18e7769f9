"""A backup made while the site runs, and brought back while it does not."""

from __future__ import annotations

import sqlite3
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from webapp.database import file_of
from webapp.edition import raise_edition
from webapp.extensions import db
from webapp.instance_folder import FolderLock, sync_folder, write_private_file
from webapp.upkeep import whole_database
from webapp.upkeep.archive import (
    DATABASE,
    NAMES,
    SECRET_KEY,
    SETTINGS,
    Manifest,
    UpkeepError,
    describe,
    folder_beside,
    read_archive,
    write_archive,
)
from webapp.upkeep.sqlite_files import revision_of, row_counts

PROJECT = Path(__file__).parents[2]
RUNNING = (
    "The site is running. Stop everything that uses it first (the site, `flask work`, other commands, on every host), "
    "then try again. Nothing was changed."
)


@dataclass(frozen=True)
class Site:
    """What a backup needs to know of the site, besides its database."""

    instance: Path
    """Flask's instance folder."""
    lock: FolderLock
    secret_key: str
    key_file: Path | None
    """The file of the secret key, which holds the older keys too; None when the key is a setting."""
    settings: Path | None
    """The settings file, there or not."""
    migrations: Path


@dataclass
class BackupReport:
    """What a backup holds, or what was brought back."""

    manifest: Manifest
    rows: dict[str, int]
    notes: list[str] = field(default_factory=list)
    """What the owner has to know or do besides."""


def back_up(target: Path, site: Site) -> BackupReport:
    """Write the database, the secret key and the settings file into one archive. The site may run meanwhile.

    Raises UpkeepError; then there is no target, or the one that was there before.
    """
    try:
        if target.exists() or target.is_symlink():
            raise FileExistsError
        with folder_beside(target) as folder:
            copy = folder / DATABASE
            whole_database.write_to(copy, site.migrations)
            revision = revision_of(copy)
            keys = site.key_file.read_bytes() if site.key_file else f"{site.secret_key}\n".encode()
            write_private_file(folder / SECRET_KEY, keys)
            if site.settings and site.settings.is_file():
                write_private_file(folder / SETTINGS, site.settings.read_bytes())
            members = {name: describe(folder / name) for name in NAMES if (folder / name).exists()}
            manifest = Manifest(version=_version(), revision=revision, members=members)
            rows = row_counts(copy)
            write_archive(folder, manifest, target)
            return BackupReport(manifest, rows)
    except FileExistsError:
        raise UpkeepError(f"There is a file {target} already. No backup was made; name another.") from None
    except UpkeepError as error:
        raise UpkeepError(f"No backup was made. {error}") from None
    except (OSError, sqlite3.Error) as error:
        raise UpkeepError(f"No backup was made: {_reason(error)}.") from None


def _version() -> str:
    """The version of this project; pyproject.toml says it."""
    try:
        return str(tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    except OSError:
        return "unknown"


def try_out(archive: Path, site: Site) -> BackupReport:
    """Do all that is done before a backup is brought back, beside it: it is read as a whole, its database is looked
    through, and this version knows it. Nothing of the site is touched. Raises UpkeepError.
    """
    try:
        with folder_beside(archive) as folder:
            manifest = read_archive(archive, folder)
            _check_revision(folder / DATABASE, manifest, site)
            report = BackupReport(manifest, row_counts(folder / DATABASE))
            whole_database.check(folder / DATABASE, site.migrations)
            return report
    except UpkeepError as error:
        raise UpkeepError(f"{archive} cannot be brought back. {error}") from None
    except (OSError, sqlite3.Error) as error:
        raise UpkeepError(f"{archive} cannot be brought back: {_reason(error)}.") from None


def restore(archive: Path, site: Site, *, overwrite: bool = False) -> BackupReport:
    """Bring a backup back. Everything is checked before anything is changed.

    The database is replaced by one renaming, or in one transaction: killed at any moment, the old one is whole or the
    new one is.
    Raises UpkeepError; then nothing was changed.
    """
    _let_go()
    if not archive.is_file():
        raise UpkeepError(f"{archive} is not a file.")
    try:
        with site.lock.exclusive() as is_exclusive, folder_beside(_place(site)) as folder:
            if not is_exclusive or whole_database.is_used_by_others():
                raise UpkeepError(RUNNING)
            manifest = read_archive(archive, folder)
            is_newest = _check_revision(folder / DATABASE, manifest, site)
            if whole_database.is_there() and not overwrite:
                raise UpkeepError(
                    f"There is a database already: {_name()}. Nothing was changed. `flask restore --overwrite` "
                    "replaces it; all that came in since the backup is lost then."
                )
            report = BackupReport(manifest, row_counts(folder / DATABASE))
            is_newest |= whole_database.bring_back(folder / DATABASE, site.migrations)
            try:
                report.notes += _restore_key(folder / SECRET_KEY, site)
                report.notes += _restore_settings(folder / SETTINGS, site, archive)
            except OSError as error:
                report.notes.append(f"But the secret key or the settings could not be written: {_reason(error)}.")
            if is_newest:
                _raise_edition()
            else:
                report.notes.append("It is of an older version: run `flask db upgrade` before you start the site.")
            return report
    except sqlite3.OperationalError as error:
        is_locked = "locked" in str(error)
        raise UpkeepError(RUNNING if is_locked else f"Nothing was brought back: {_reason(error)}.") from None
    except (OSError, sqlite3.Error) as error:
        raise UpkeepError(f"Nothing was brought back: {_reason(error)}.") from None


def _let_go() -> None:
    """This process has the database open no more."""
    db.session.remove()
    db.engine.dispose()


def _place(site: Site) -> Path:
    """On the disk of the database, where that is a file: it is replaced by a renaming."""
    return file_of(db.engine.url) or site.instance / DATABASE


def _name() -> str:
    return str(file_of(db.engine.url) or db.engine.url.render_as_string())


def _check_revision(copy: Path, manifest: Manifest, site: Site) -> bool:
    """Whether the schema is the newest this version knows. Raises UpkeepError when it does not know it at all."""
    revision = revision_of(copy)
    scripts = ScriptDirectory(str(site.migrations))
    try:
        known = scripts.get_revision(revision)
    except CommandError:
        known = None
    if known is None or revision != manifest.revision:
        raise UpkeepError(
            f"The backup was made by another version of this site ({manifest.version}, schema {revision}), which this "
            "one does not know. Nothing was changed. Install that version or a newer one, then try again."
        )
    return scripts.get_heads() == [revision]


def _restore_key(found: Path, site: Site) -> list[str]:
    """Forms that are open and voters' cookies are signed with this key."""
    keys, own = found.read_bytes(), site.instance / SECRET_KEY
    unfinished = own.with_name(f"{own.name}.new")
    write_private_file(unfinished, keys)
    unfinished.replace(own)
    sync_folder(site.instance)
    if site.key_file or keys.decode().startswith(site.secret_key):
        return []
    return [
        "SECRET_KEY in your settings is not the one of the backup, so readers who voted then cannot change their vote: "
        f"write the first line of {own} there, on every host."
    ]


def _restore_settings(found: Path, site: Site, archive: Path) -> list[str]:
    """The settings come back where there are none. Others may be meant: they stay."""
    settings = site.settings
    if not found.exists() or settings is None:
        return []
    if not settings.exists():
        write_private_file(settings, found.read_bytes())
        return [f"The settings were written to {settings}."]
    if settings.read_bytes() == found.read_bytes():
        return []
    return [f"Your settings in {settings} stay as they are. `tar -xOf {archive} .env` shows those of the backup."]


def _raise_edition() -> None:
    """Readers' browsers may keep pages from after the backup: none of them is to pass for a page of now."""
    raise_edition(db.session())
    db.session.commit()


def _reason(error: Exception) -> str:
    return str((isinstance(error, OSError) and error.strerror) or error)
