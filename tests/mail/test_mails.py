"""Every mail of the site: its text and its HTML say the same. A new mail needs an example here."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from email.policy import default
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html

from webapp.contact.mails import message_to_owner
from webapp.corrections.mails import correction, withdrawal
from webapp.editorial.readability import grade
from webapp.editorial.trials import news_of_trial
from webapp.letters.mails import Item, TrialItem, letter
from webapp.mail.mails import mail_given_up
from webapp.mail.transport import compose
from webapp.models import OutboxMail
from webapp.subscriptions.mails import already_subscribed, confirm_subscription, readers_dropped
from webapp.watch.mails import notice_gone, paper_withdrawn

LINK = "https://example.org/subscribe/manage/abc.def-123"
WEBAPP = Path(__file__).parents[2] / "webapp"
TEMPLATES = WEBAPP / "templates" / "mail"
ITEMS = [
    Item(
        url="https://example.org/research/one",
        title='Arm training & <grip>: what "helped" in 40 people',
        flag="",
        result="Result: No clear difference.",
        stage="Stage: larger trials.",
        level="Evidence level: step 2 of 5.",
        caution="",
        description="Größe und Kraft: 脊髓.",
    ),
    Item(
        url="https://example.org/research/two",
        title="A drug in rats",
        flag="Retracted: do not rely on this study.",
        result="Result: Withdrawn.",
        stage="Stage: animals.",
        level="Evidence level: step 5 of 5.",
        caution="This was done in rats. This study does not show that it works in people.",
        description="Rats walked a little better.",
    ),
]
TRIALS = [
    TrialItem(
        title="News of the trial: Arm training & <grip>",
        url="https://example.org/research/one",
        news=news_of_trial("NCT09990001", was="RECRUITING", became="COMPLETED", day="6 March 2026"),
    ),
]
EXAMPLES: dict[str, list[Callable[[], OutboxMail]]] = {
    "confirm_subscription": [
        lambda: confirm_subscription("reader@example.org", LINK, dt.date(2026, 3, 6)),
    ],
    "already_subscribed": [
        lambda: already_subscribed("reader@example.org", LINK),
    ],
    "letter": [
        lambda: letter("reader@example.org", ITEMS, "weekly", manage_link=LINK, leave_link=f"{LINK}4"),
        lambda: letter("reader@example.org", ITEMS[1:], "monthly", manage_link=LINK, leave_link=f"{LINK}4"),
        lambda: letter("a@example.org", ITEMS, "weekly", trials=TRIALS, manage_link=LINK, leave_link=f"{LINK}4"),
        lambda: letter("a@example.org", [], "weekly", trials=TRIALS, manage_link=LINK, leave_link=f"{LINK}4"),
    ],
    "correction": [
        lambda: correction(
            "reader@example.org",
            title="Arm training & <grip>",
            url="https://example.org/research/one",
            sentence="It said 9 people; there were <8>.\n\nNobody was hurt.",
            day=dt.date(2026, 3, 6),
            manage_link=LINK,
            leave_link=f"{LINK}4",
        ),
    ],
    "withdrawal": [
        lambda reasons=reasons: withdrawal(  # type: ignore[misc]
            "reader@example.org",
            title="Retracted: arm training & <grip>",
            url="https://example.org/research/one",
            reasons=reasons,
            day=dt.date(2026, 3, 6),
            manage_link=LINK,
            leave_link=f"{LINK}4",
        )
        for reasons in ([], ["Two figures were <the same>.", "The data could not be found."])
    ],
    "paper_withdrawn": [
        lambda answers=answers: paper_withdrawn(  # type: ignore[misc]
            "owner@example.org",
            title="Retracted: arm training & <grip>",
            url="https://example.org/desk/watch",
            services="Crossref and Europe PMC" if answers else "Crossref",
            answers=answers,
            was_planned=bool(answers),
        )
        for answers in ([], ["What helps hands & arms", "What helps walking"])
    ],
    "notice_gone": [
        lambda: notice_gone("owner@example.org", title="Retracted: <grip>", url="https://example.org/desk/watch"),
    ],
    "message_to_owner": [
        lambda: message_to_owner(
            "owner@example.org",
            name="<b>Ana</b> & 'Bo'",
            address="reader@example.org",
            topic="A question about a summary",
            message="Hello,\nis <script>this</script> right?\n\n\n  Yes & no: “so”.\r\n\r\nThank you\r\nAna",
        ),
        lambda: message_to_owner(
            "owner@example.org", name=None, address="reader@example.org", topic="Other", message="Hi"
        ),
    ],
    "mail_given_up": [
        lambda: mail_given_up("owner@example.org", 1),
        lambda: mail_given_up("owner@example.org", 12),
    ],
    "readers_dropped": [
        lambda: readers_dropped("owner@example.org", 1),
        lambda: readers_dropped("owner@example.org", 2),
    ],
}
CASES = [
    pytest.param(name, example, id=f"{name}-{number}")
    for name, examples in EXAMPLES.items()
    for number, example in enumerate(examples)
]
SCREEN_ONLY = ("head", "style", "script")


def in_words(part: str) -> list[str]:
    """The words of an HTML part as its text part should have them: a link is `words: ADDRESS`."""
    page = html.document_fromstring(part)
    for hidden in page.iter(*SCREEN_ONLY):
        hidden.text = ""
    for hidden in list(page.iter("title", "style")):
        hidden.text = ""
    for link in page.iter("a"):
        words = link.text_content()
        if words != link.get("href"):
            link.tail = f": {link.get('href')}{link.tail or ''}"
    for element in page.iter("p", "h1", "h2", "h3", "li", "br", "div", "td"):
        element.tail = f" {element.tail or ''}"
    found: list[str] = page.text_content().split()
    return found


def functions() -> set[str]:
    """What makes a mail, in every feature's mails.py."""
    modules = [import_module(f"webapp.{path.parent.name}.mails") for path in WEBAPP.glob("*/mails.py")]
    found = [one for module in modules for _, one in inspect.getmembers(module, inspect.isfunction)]
    return {one.__name__ for one in found if one.__annotations__.get("return") == "OutboxMail"} - {"queue_mail"}


def test_every_mail_has_a_folder_and_an_example_here() -> None:
    assert functions() == set(EXAMPLES)
    assert functions() == {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    for name in functions():
        assert {path.name for path in (TEMPLATES / name).iterdir()} == {"subject.txt", "text.txt", "body.html"}


@pytest.mark.parametrize("postal_address", [None, "1 Example Road, Example Town"])
@pytest.mark.parametrize(("name", "example"), CASES)
def test_text_and_html_say_the_same(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    example: Callable[[], OutboxMail],
    postal_address: str | None,
) -> None:
    monkeypatch.setitem(app.config, "OWNER_POSTAL_ADDRESS", postal_address)
    mail = example()
    assert in_words(mail.html) == mail.text.replace("\n--\n", "\n").split()
    assert len(mail.text.split()) > 20
    assert (postal_address or "Example Road") in mail.text or postal_address is None
    assert "None" not in mail.text


@pytest.mark.parametrize(("name", "example"), CASES)
def test_what_every_mail_keeps_to(app: Flask, name: str, example: Callable[[], OutboxMail]) -> None:
    mail = example()
    assert mail.kind == name
    assert mail.subject
    assert "\n\n\n" not in mail.text or name == "message_to_owner"  # a reader's own blank lines stay
    assert "<script>" not in mail.html
    page: Any = html.document_fromstring(mail.html)
    assert page.get("lang") == "en"
    assert len(page.findall(".//h1")) == 1
    assert not page.xpath("//*[@src or @background or @onclick]|//link|//script|//form")  # nothing is fetched
    for link in page.iter("a"):
        assert link.get("href").startswith("https://example.org/")
        assert "?" not in link.get("href")  # no tracking
    message = compose(mail, "letters@example.org")
    assert message["Subject"] == mail.subject
    assert ("Auto-Submitted" in message) is (name != "message_to_owner")
    assert ("Reply-To" in message) is (name == "message_to_owner")
    listed = {header for header in message.keys() if header.startswith("List-")}  # noqa: SIM118 (headers repeat)
    assert listed == (
        {"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"}
        if name in {"letter", "correction", "withdrawal"}
        else set()
    )


@pytest.mark.parametrize(
    "name",
    [
        "confirm_subscription",
        "already_subscribed",
        "correction",
        "withdrawal",
        "paper_withdrawn",
        "notice_gone",
        "mail_given_up",
        "readers_dropped",
    ],
)
def test_a_mail_reads_at_grade_8_or_lower(app: Flask, name: str) -> None:
    mail = EXAMPLES[name][0]()
    assert grade(mail.text.replace(LINK, "")) <= 8


def test_the_comparison_sees_a_difference(app: Flask) -> None:
    mail = EXAMPLES["confirm_subscription"][0]()
    text = mail.text.replace("\n--\n", "\n")
    for wrong in (text.replace("once", "twice"), text.replace(LINK, f"{LINK}x"), f"{text} more", text[:-20]):
        assert in_words(mail.html) != wrong.split()


def test_nobody_adds_a_header_through_a_message(app: Flask) -> None:
    mail = message_to_owner(
        "owner@example.org",
        name="A\r\nBcc: x@example.org",
        address="reader@example.org",
        topic="Hello\r\nBcc: x@example.org",
        message="Hi",
    )
    raw = compose(mail, "letters@example.org").as_bytes(policy=default)
    assert b"\nBcc" not in raw.partition(b"\n\n")[0]
