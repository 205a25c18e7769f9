"""What goes wrong when a service is asked."""

from __future__ import annotations


class ScholarlyError(Exception):
    """A question could not be asked or answered. The text is whole sentences for the owner."""
