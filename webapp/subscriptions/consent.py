"""What a person agrees to. The words are kept for good, each under its version; only new ones are added."""

from __future__ import annotations

WORDINGS = {
    "2026-1": (
        "Yes, send me letters. You may keep my e-mail address and the topics I chose for that. I know that my topics "
        "may say something about my health. I can leave at any time, and then all of it is deleted."
    ),
}
CURRENT = "2026-1"
"""The version the form shows now, and the one that is noted with each new subscriber."""
