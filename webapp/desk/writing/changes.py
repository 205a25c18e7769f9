"""Changes of what readers see: each has a page that asks, with a form, and says before what becomes of an address."""

from __future__ import annotations

from typing import Any

from webapp.desk.forms import ButtonForm
from webapp.desk.writing import actions, times
from webapp.desk.writing.findings import stop_finding
from webapp.desk.writing.forms import CorrectForm, PublishForm, SentenceForm, TimeForm
from webapp.documents.actions import NotPublishedError
from webapp.documents.checking import checked
from webapp.documents.moving import Move, MoveError, move_of
from webapp.documents.problems import InvalidDocumentError
from webapp.models import Account, Document, Revision

FORMS: dict[str, type[Any]] = {
    "publish": PublishForm,
    "schedule": TimeForm,
    "unschedule": ButtonForm,
    "unpublish": SentenceForm,
    "correct": CorrectForm,
}
"""The form that asks, by what is to be done."""
SAVED_SINCE = "{} saved this meanwhile. The text that would be published is another one now: please look at it first."
EXCUSABLE = "Where a rule cannot be kept, write the reason: “Publish now” beside the text offers a place for it."
MOVES = "Its address would change. What that means is said below; press again if it is what you want."


def change_readers_see(what: str, form: Any, account: Account, document: Document, revision: Revision) -> bool:
    """Do it, or say in the form why not; whether it was done."""
    if isinstance(form, PublishForm) and form.digest.data != revision.digest:
        form.form_errors.append(SAVED_SINCE.format(revision.saved_by))
        return False
    try:
        _change(what, form, account, document, revision)
    except (times.TimeError, NotPublishedError) as error:
        form.form_errors.append(str(error))
    except MoveError:
        form.form_errors.append(MOVES)
    except InvalidDocumentError as error:
        found = [stop_finding(document.kind, one) for one in error.problems]
        form.form_errors += [f"{one.name} {one.sentence}" for one in found]
        form.form_errors += [EXCUSABLE] if any(one.is_excusable for one in found) else []
    else:
        return True
    return False


def _change(what: str, form: Any, account: Account, document: Document, revision: Revision) -> None:
    match what:
        case "publish":
            actions.publish(account, document, revision, form.agreed.data)
        case "schedule":
            at = times.moment(form.day.data, form.time.data, form.zone.data)
            actions.schedule(account, document, revision, at, form.agreed.data)
        case "unschedule":
            actions.unschedule(account, document)
        case "unpublish":
            actions.unpublish(account, document, form.sentence.data)
        case "correct":
            actions.correct(account, document, revision, form.sentence.data, form.agreed.data)


def asked_of(form: Any, document: Document, revision: Revision) -> Move | None:
    """What the page with this form says of the address; whoever presses its button has agreed to that."""
    if not isinstance(form, PublishForm):
        return None
    try:
        move = move_of(document, checked(document.kind, revision.content, revision.schema_version))
    except InvalidDocumentError:  # the button will say what is wrong
        move = None
    form.digest.data, form.agreed.data = revision.digest, move.new if move else ""
    return move
