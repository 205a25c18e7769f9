"""A real mail server for tests, which can also refuse, hang and break off."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Inbox:
    """What the server took. `answer` changes how it behaves: accept, 550, 451, hang, drop.

    `refused` holds recipients it refuses, with what it says to them. `refuses_at` is the stage at which it refuses
    everybody, saying `refusal`: EHLO, MAIL, RCPT, DATA (before the text) or text (after it).

    At the mail numbered `at_mail` it does `then`, at a moment before or after it took the mail. It answers
    nobody before `wait_for` clients were there.
    """

    def __init__(self, answer: str = "accept") -> None:
        self.answer = answer
        self.refused: dict[str, str] = {}
        self.refuses_at = ""
        self.refusal = "550 5.1.1 no such reader here"
        self.asked: list[str] = []
        """Every recipient that was named, refused or not."""
        self.envelopes: list[Envelope] = []
        self.sessions = 0
        self.port = 0
        self.wait_for = 0
        self.at_mail = 0
        self.moment = "after it was taken"
        self.then: Callable[[], object] = lambda: None

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(envelope.original_content or b"", policy=default) for envelope in self.envelopes]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return [self.refusal] if self.refuses_at == "EHLO" else responses

    async def handle_HELO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str
    ) -> str:
        session.host_name = hostname
        return self.refusal if self.refuses_at == "EHLO" else "250 here"

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses_at == "MAIL":
            return self.refusal
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked.append(address)
        if self.answer == "550" or self.refuses_at == "RCPT":
            return self.refusal
        if address in self.refused:
            return self.refused[address]
        if self.refuses_at != "DATA":  # without a recipient, aiosmtpd answers DATA with 503
            envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer == "hang":
            await asyncio.sleep(3)
        if self.answer == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.refuses_at == "text":
            return self.refusal
        if self.answer == "451":
            return "451 4.7.1 come again later"
        while self.sessions < self.wait_for:
            await asyncio.sleep(0.01)
        is_the_one = len(self.envelopes) + 1 == self.at_mail
        if is_the_one and self.moment == "before it was taken":
            self.then()
            return "451 not taken"
        self.envelopes.append(envelope)
        if is_the_one and self.moment == "after it was taken":
            self.then()
            await asyncio.sleep(0.1)
        return "250 taken"


class FreePort(Controller):
    """A server that listens where the system lets it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd gives it no types


@contextmanager
def serving(inbox: Inbox, **settings: Any) -> Iterator[Inbox]:
    """The inbox behind a server on a free port of this machine."""
    controller = FreePort(inbox, hostname="127.0.0.1", port=0, **settings)
    controller.start()
    inbox.port = controller.port
    try:
        yield inbox
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out certificate.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return certificate, key
