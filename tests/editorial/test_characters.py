"""What stands in a text and what was typed, without what nobody sees."""

from __future__ import annotations

import pytest

from webapp.editorial.characters import as_typed


@pytest.mark.parametrize("typed", ["bladder", "  bladder ", "blad\u00adder", "\u200bbladder", "ｂｌａｄｄｅｒ"])
def test_what_nobody_sees_is_not_looked_for(typed: str) -> None:
    assert as_typed(typed) == "bladder"
    assert as_typed(f"{typed}\n pain") == "bladder pain"
