"""What the desk has done with a correction; it is noted who wanted it."""

from __future__ import annotations

from webapp.corrections.actions import ask_for_mailing
from webapp.desk.activity.actions import note
from webapp.formats import plural
from webapp.models import Account, Correction, Document


def have_mailed(account: Account, document: Document, correction: Correction, people: int) -> None:
    """Raises MailingError when there is nobody to tell, or they are told already."""
    to = plural(people, "person", "people")
    what = "the withdrawal of the paper" if correction.of_paper else "a correction"
    note(account.name, f"Had {what} of the {document.kind} {document.key} mailed to {to}.")
    ask_for_mailing(correction, by=account.name)
