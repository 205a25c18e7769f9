"""The letter, and how a summary stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import quote
from urllib.parse import urlsplit

from flask import current_app

from webapp.editorial.trials import news_of_trial
from webapp.formats import long_date
from webapp.letters.queries import TrialNews
from webapp.mail.outbox import AUTOMATIC, queue_mail
from webapp.models import OutboxMail, Summary
from webapp.site_words import site_words
from webapp.urls import external_url

SPECIAL = re.compile(r'[()<>@,:;\\".\[\]]')
"""What words before an address may hold in quotes alone (RFC 5322). Words that are not ASCII are encoded instead."""


@dataclass(frozen=True)
class Item:
    """One summary in a letter, in words; the text and the HTML part say all of it."""

    title: str
    url: str
    flag: str
    result: str
    stage: str
    level: str
    caution: str
    description: str


def items(summaries: Iterable[Summary]) -> list[Item]:
    return [_item(summary) for summary in summaries]


def _item(summary: Summary) -> Item:
    study, evidence = summary.study, summary.study.evidence
    flag = "Corrected after it came out." if study.is_corrected else ""
    return Item(
        title=summary.title,
        url=external_url("research.show", slug=summary.slug),
        flag="Retracted: do not rely on this study." if study.is_retracted else flag,
        result=summary.result_sentence,
        stage=f"Stage: {evidence.stage.label}." if evidence.stage else f"Stage: none. {evidence.off_road}",
        level=evidence.level_sentence,
        caution=evidence.caution,
        description=summary.description,
    )


@dataclass(frozen=True)
class TrialItem:
    """News of the trial of a summary."""

    title: str
    url: str
    news: str


def trials(news: Iterable[TrialNews]) -> list[TrialItem]:
    return [
        TrialItem(
            title=f"News of the trial: {summary.title}",
            url=external_url("research.show", slug=summary.slug),
            news=news_of_trial(change.number, was=change.was, became=change.became, day=long_date(change.told_at)),
        )
        for change, summary in news
    ]


def letter(
    address: str,
    items: Sequence[Item],
    frequency: str,
    *,
    trials: Sequence[TrialItem] = (),
    manage_link: str,
    leave_link: str,
) -> OutboxMail:
    """What is new."""
    return queue_mail(
        "letter",
        address,
        headers_of_a_letter(leave_link),
        items=items,
        trials=trials,
        frequency=frequency,
        manage_link=manage_link,
        leave_link=leave_link,
    )


def headers_of_a_letter(leave_link: str) -> dict[str, str]:
    """The headers of RFC 2369 and 8058: a mail program can leave with one click."""
    return AUTOMATIC | {
        "List-Id": _list_id(site_words().name),
        "List-Unsubscribe": f"<{leave_link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _list_id(name: str) -> str:
    """RFC 2919: what the list is called, and what it is known by for good."""
    name = f'"{quote(name)}"' if name.isascii() and SPECIAL.search(name) else name
    return f"{name} <letters.{urlsplit(current_app.config['SITE_URL']).hostname}>"
