"""What is for today: a line for each thing that waits, what could harm first at the top."""

from __future__ import annotations

from webapp.desk.attention.lines import documents, papers, readers, running, trials
from webapp.desk.attention.lines.line import Line
from webapp.desk.attention.waiting import Attention

ORDER = (
    # What readers see may be wrong now.
    papers.watched,
    trials.named_in_summaries,
    # Something does not work.
    running.health,
    running.mail_given_up,
    trials.unanswered,
    # Somebody waits.
    readers.messages,
    papers.asked,
    # It happens by itself: this is the last look.
    documents.scheduled,
    readers.letters,
    # It was begun.
    documents.ready,
    documents.in_the_works,
    trials.changed,
    # It could be better.
    documents.a_year_old,
    readers.unclear,
    readers.rated_low,
    readers.not_found,
    # There is more to write.
    papers.new,
)


def lines_of(attention: Attention) -> list[Line]:
    return [line for of in ORDER if (line := of(attention))]
