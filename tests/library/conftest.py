"""A folder to load files from."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.factories import make_categories


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A folder to load from; the categories are on the site already."""
    make_categories("hand-and-arm-use", "pain")
    path = tmp_path / "files"
    path.mkdir()
    return path
