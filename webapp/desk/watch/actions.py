"""What the owner decides about a paper; it is noted who did."""

from __future__ import annotations

from webapp.desk.activity.actions import note
from webapp.models import Account
from webapp.watch import actions
from webapp.watch.queries import Watched


def settle(account: Account, watched: Watched) -> None:
    """Raises NotWatchedError."""
    if watched.paper and watched.paper.asks:
        words = {
            "gone": "Left the notice of withdrawal up on",
            "missing": "Left the notice of withdrawal off",
        }
        what = words.get(watched.paper.asks, "Looked at what became of the paper of")
        note(account.name, f"{what} the summary {watched.summary.key}.")
    actions.settle(watched.summary.document_id)


def take_notice_down(account: Account, watched: Watched) -> None:
    """Raises NotWatchedError, and InvalidDocumentError where the text without the notice cannot be published."""
    note(account.name, f"Took down the notice of withdrawal on the summary {watched.summary.key}.")
    actions.take_notice_down(watched.summary.document_id, by=account.name)


def put_notice_up(account: Account, watched: Watched) -> None:
    """Raises NotWatchedError."""
    note(account.name, f"Put the notice of withdrawal up again on the summary {watched.summary.key}.")
    actions.put_notice_up(watched.summary.document_id)
