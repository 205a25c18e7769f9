"""What a machine lacks that a test needs."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def refuse(words: str) -> NoReturn:
    """The test is skipped, which says so; where CI=true it fails, since nothing may be skipped there."""
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)
