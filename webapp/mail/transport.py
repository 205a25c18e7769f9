"""Handing one mail over: to a mail server (MAIL_URL), or into a folder as a file when there is none."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from webapp.addresses import with_ascii_domain
from webapp.instance_folder import make_private_folder, write_private_file
from webapp.models import OutboxMail
from webapp.site import SITE_NAME

HEADER_LINE = re.compile(rb"^[^ \t\r\n].*$", re.MULTILINE)
"""The first line of a header; those that go on with it begin with a blank."""
TIMEOUT = 30.0
"""Seconds to wait for each answer of the mail server."""
LOCAL = {"localhost", "127.0.0.1", "::1"}


ADDRESS_CODES = {550, 551, 553, 556}
"""Answers to RCPT that speak of the mailbox (RFC 5321 and 7504). 552 is a full one, 554 says nothing of it."""
NOT_THE_ADDRESS = re.compile(r"5\.(?:1\.[78]|[3-7]\.)")
"""Enhanced codes (RFC 3463) of other reasons: the sender's address, the server, the network, a policy."""


class DeliveryError(Exception):
    """A mail could not be handed over now. The text says why, for the owner."""


class RefusedError(DeliveryError):
    """It never will be: trying again is no use."""


class AddressRefusedError(DeliveryError):
    """The server says that it does not take mail for this address. If it says so of every address, it is wrong."""


class UnreachableError(DeliveryError):
    """The server itself is not to be had now: nor will other mails go."""


class Transport(Protocol):
    """What takes mails away, one after the other."""

    def send(self, mail: OutboxMail) -> None:
        """Hand one mail over. Raises DeliveryError when that fails."""


class _MailPolicy(EmailPolicy):
    """Addresses in List-* and Message-ID stay whole: Python would fold long ones into encoded words. Of words before
    them, those that are not ASCII are encoded (RFC 2047).
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower().startswith(("list-", "message-id")):
            words, bracket, address = str(value).rpartition("<")
            if not words.isascii():
                words = f"{Header(words.strip(), 'utf-8', header_name=name).encode(linesep='')} "
            return f"{name}: {words}{bracket}{address}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _MailPolicy(linesep=SMTP.linesep, cte_type="7bit")


def compose(mail: OutboxMail, sender: str, name: str = SITE_NAME) -> EmailMessage:
    """The mail as a message: text and HTML as alternatives. Raises RefusedError when it cannot be written.

    `name` stands before the sender's address.
    """
    message = EmailMessage(policy=POLICY)
    try:
        message["From"] = Address(_as_written(name), addr_spec=with_ascii_domain(sender))
        message["To"] = with_ascii_domain(mail.recipient)
        message["Subject"] = _as_written(mail.subject)
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = mail.message_id
        for header, value in mail.headers.items():
            message[header] = value if header == "Reply-To" else _as_written(value)
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        _refuse_other_headers(message)
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise RefusedError(f"The message could not be written: {error}") from error
    return message


def _as_written(text: str) -> str:
    """A text that is no code for another one (RFC 2047): Python would decode it, and send the line ends in it."""
    return text.replace("=?", "= ?")


def _refuse_other_headers(message: EmailMessage) -> None:
    """Raises ValueError when the mail, as it is sent, has a header that nobody gave it."""
    sent = message.as_bytes().partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in HEADER_LINE.findall(sent)]
    if names != message.keys():
        raise ValueError("it would have a header of somebody else's")


@dataclass
class FolderTransport:
    """Writes each mail as a file, which any mail program opens. For a site without a mail server."""

    path: Path
    sender: str
    name: str = SITE_NAME

    def send(self, mail: OutboxMail) -> None:
        content = compose(mail, self.sender, self.name).as_bytes()
        name = f"{mail.created_at:%Y-%m-%d-%H%M%S}-{mail.id}-{mail.kind}"
        try:
            make_private_folder(self.path)
            unfinished = self.path / f"{name}.part"
            write_private_file(unfinished, content)
            unfinished.replace(self.path / f"{name}.eml")
        except OSError as error:
            raise UnreachableError(f"The folder {self.path} cannot be written: {error.strerror}.") from error


class SmtpTransport:
    """One conversation with the mail server, opened when the first mail comes."""

    def __init__(self, url: str, sender: str, name: str = SITE_NAME, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.is_tls_from_start = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.is_tls_from_start else 587)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender, self.name, self.timeout = with_ascii_domain(sender), name, timeout
        self.smtp: smtplib.SMTP | None = None

    def send(self, mail: OutboxMail) -> None:
        """Hand one mail over. Only an answer to RCPT can be the address's fault.

        What is refused before it is the site's own (the greeting, the password, the sender); what is refused after it
        is a policy, a quota or the text, which waits like any failure.
        """
        message, address = compose(mail, self.sender, self.name), with_ascii_domain(mail.recipient)
        is_ascii = address.isascii()
        if self.smtp is None or self.smtp.sock is None:
            self.smtp = self._connected()
        smtp = self.smtp
        try:
            smtp.ehlo_or_helo_if_needed()
            if not is_ascii and not smtp.has_extn("smtputf8"):
                raise RefusedError("The mail server cannot take this address: it has no SMTPUTF8.")
            # Not send_message: it would write ">From" where a line of the text begins with "From".
            content = message.as_bytes(policy=POLICY.clone(utf8=not is_ascii))
            smtp.sendmail(self.sender, [address], content, () if is_ascii else ("SMTPUTF8", "BODY=8BITMIME"))
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise _refusal_of_recipient(code, _words(answer)) from error
        except smtplib.SMTPDataError as error:
            self.close()  # refused before the text was sent, the conversation would be stuck
            raise _failure(error.smtp_code, _words(error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise UnreachableError(_words(error)) from error

    def _connected(self) -> smtplib.SMTP:
        """A conversation in TLS and signed in. Without TLS only on this very machine."""
        trusted = ssl.create_default_context()
        smtp: smtplib.SMTP | None = None
        try:
            if self.is_tls_from_start:
                smtp = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=trusted)
            else:
                smtp = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
                smtp.ehlo_or_helo_if_needed()
                if self.host not in LOCAL:
                    smtp.starttls(context=trusted)
            if self.user:
                smtp.login(self.user, self.password)
        except (smtplib.SMTPException, OSError) as error:
            if smtp:
                smtp.close()
            raise UnreachableError(_words(error)) from error
        return smtp

    def check(self) -> None:
        """Whether the server takes us in. Raises UnreachableError; the text says why not."""
        self.smtp = self._connected()
        self.close()

    def close(self) -> None:
        """Say goodbye, as far as the server still listens."""
        if self.smtp:
            with suppress(smtplib.SMTPException, OSError):
                self.smtp.quit()
            self.smtp.close()
            self.smtp = None


@contextmanager
def open_transport(config: Mapping[str, Any], name: str = SITE_NAME) -> Iterator[Transport]:
    """What the settings say takes the mails, for the length of the block. They come from `name`."""
    if not config["MAIL_URL"]:
        yield FolderTransport(Path(config["MAIL_FOLDER"]), config["MAIL_FROM"], name)
        return
    server = SmtpTransport(config["MAIL_URL"], config["MAIL_FROM"], name)
    try:
        yield server
    finally:
        server.close()


def _refusal_of_recipient(code: int, words: str) -> DeliveryError:
    if code in ADDRESS_CODES and not NOT_THE_ADDRESS.match(words):
        return AddressRefusedError(f"{code} {words}")
    return _failure(code, words)


def _failure(code: int, words: str) -> DeliveryError:
    """For this mail alone, unless the server says with 421 that it is closing."""
    return (UnreachableError if code == 421 else DeliveryError)(f"{code} {words}")


def _words(answer: object) -> str:
    """What a server or the network said, as one short line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer) or type(answer).__name__
    return " ".join(text.split())[:300]
