"""What goes over the wire, seen by a real server and by Python's email package."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import formataddr, parsedate_to_datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.mail.conftest import Post
from tests.mail.server import Inbox, make_certificate, serving
from webapp.mail import transport
from webapp.mail.transport import (
    AddressRefusedError,
    DeliveryError,
    FolderTransport,
    RefusedError,
    SmtpTransport,
    UnreachableError,
    compose,
    open_transport,
)

FROM = "letters@example.org"
LANGUAGES = {
    "german": "Größe der Füße: 4 µm, „sicher“",
    "arabic": "النخاع الشوكي",
    "hindi": "रीढ़ की हड्डी",
    "chinese": "脊髓损伤研究" * 40,
    "emoji": "👩🏽‍🦽 and more",
    "mixed": "A very long subject " * 12 + "ß",
}


@pytest.fixture
def server(inbox: Inbox) -> Iterator[SmtpTransport]:
    server = SmtpTransport(inbox.url, FROM, timeout=5)
    yield server
    server.close()


def parsed(message: EmailMessage) -> EmailMessage:
    return message_from_bytes(message.as_bytes(), policy=default)


def content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_headers_of_a_mail(inbox: Inbox, server: SmtpTransport, post: Post) -> None:
    mail = post(headers={"Auto-Submitted": "auto-generated"})
    server.send(mail)
    [message] = inbox.messages
    assert message["From"] == "Spinal Cord Research Help <letters@example.org>"
    assert message["To"] == "reader@example.org"
    assert parsedate_to_datetime(message["Date"]) == mail.created_at.replace(microsecond=0)
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not [name for name in message if name.lower().startswith("list-")]
    assert not message.defects
    [envelope] = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (FROM, ["reader@example.org"])


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_any_language_arrives_as_it_was_written(inbox: Inbox, server: SmtpTransport, post: Post, words: str) -> None:
    text = f"{words}\n.\n.. a dot begins this line\nFrom here on\n{words * 30}\n"
    reply = formataddr((words[:8], "reader@example.org"))
    server.send(post(subject=words, text=text, html=f"<p>{words * 30}</p>\n", headers={"Reply-To": reply}))
    [message] = inbox.messages
    assert message["Subject"] == words.strip()
    assert content(message, "plain") == text
    assert content(message, "html") == f"<p>{words * 30}</p>\n"
    [sender] = message["Reply-To"].addresses
    assert (sender.display_name, sender.addr_spec) == (words[:8].strip(), "reader@example.org")
    raw = inbox.envelopes[0].original_content
    assert raw is not None
    raw.decode("ascii")  # any server can carry it
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert not raw.replace(b"\r\n", b"").count(b"\n")


def test_long_list_addresses_stay_whole(inbox: Inbox, server: SmtpTransport, post: Post) -> None:
    address = f"<https://example.org/unsubscribe/{'x' * 400}>"
    one_click = {"List-Unsubscribe": address, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    server.send(post(headers=one_click))
    raw = inbox.envelopes[0].original_content
    assert f"\r\nList-Unsubscribe: {address}\r\n".encode() in (raw or b"")
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in (raw or b"")


def test_nobody_adds_a_header(inbox: Inbox, server: SmtpTransport, post: Post) -> None:
    evil = "Hi\r\nBcc: victim@example.org\r\n\r\nBuy this"
    server.send(post(subject=evil, headers={"Reply-To": formataddr((evil, "reader@example.org"))}))
    [message] = inbox.messages
    assert "Bcc" not in message
    assert message["Subject"] == "Hi Bcc: victim@example.org Buy this"
    assert [a.addr_spec for a in message["Reply-To"].addresses] == ["reader@example.org"]
    assert inbox.envelopes[0].rcpt_tos == ["reader@example.org"]
    assert content(message, "plain") == "Hello.\n"


def test_a_host_of_any_script_is_written_as_servers_know_it(inbox: Inbox, server: SmtpTransport, post: Post) -> None:
    server.send(post("reader@bücher.example"))
    assert inbox.envelopes[0].rcpt_tos == ["reader@xn--bcher-kva.example"]


def test_an_address_the_server_cannot_write_to_is_refused_for_good(post: Post) -> None:
    with serving(Inbox(), enable_SMTPUTF8=False) as inbox:
        server = SmtpTransport(inbox.url, FROM)
        with pytest.raises(RefusedError, match="SMTPUTF8"):
            server.send(post("лев@example.org"))
        server.close()


def test_an_address_of_any_script_goes_when_the_server_can(post: Post) -> None:
    with serving(Inbox(), enable_SMTPUTF8=True) as inbox:
        server = SmtpTransport(inbox.url, FROM)
        server.send(post("лев@example.org"))
        server.close()
    assert inbox.envelopes[0].rcpt_tos == ["лев@example.org"]


def test_a_broken_mail_is_refused_and_not_sent(inbox: Inbox, server: SmtpTransport, post: Post) -> None:
    mail = post()
    mail.headers = {"Subject": "a second subject"}
    with pytest.raises(RefusedError):
        server.send(mail)
    assert not inbox.sessions


def test_one_conversation_carries_many_mails(inbox: Inbox, server: SmtpTransport, post: Post) -> None:
    for _ in range(3):
        server.send(post())
    assert (inbox.sessions, len(inbox.envelopes)) == (1, 3)


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550", AddressRefusedError), ("451", DeliveryError), ("drop", UnreachableError), ("hang", UnreachableError)],
)
def test_what_a_server_does_wrong(inbox: Inbox, post: Post, answer: str, error: type[DeliveryError]) -> None:
    inbox.answer = answer
    server = SmtpTransport(inbox.url, FROM, timeout=0.3)
    with pytest.raises(error) as failed:
        server.send(post())
    assert type(failed.value) is error
    assert answer in {"drop", "hang"} or str(failed.value).startswith(answer)
    inbox.answer, server.timeout = "accept", 20
    server.send(post())  # the same deliverer goes on, with a new conversation where it must
    server.close()
    assert len(inbox.envelopes) >= 1


def test_a_server_that_never_says_a_word(post: Post) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = SmtpTransport(f"smtp://127.0.0.1:{silent.getsockname()[1]}", FROM, timeout=0.2)
        with pytest.raises(UnreachableError, match="timed out"):
            server.send(post())


def test_a_server_that_is_not_there(post: Post) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(UnreachableError, match="refused"):
        SmtpTransport(f"smtp://127.0.0.1:{port}", FROM).send(post())


def lock(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
    assert isinstance(given, LoginPassword)
    return AuthResult(success=(given.login, given.password) == (b"us/er", b"p@ss:word"), handled=False)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate and a server's context with it."""
    certificate, key = make_certificate(tmp_path_factory.mktemp("tls"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return certificate, context


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat 127.0.0.1 as another machine."""
    monkeypatch.setattr(transport, "LOCAL", set())


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_signed_in_over_tls(
    monkeypatch: pytest.MonkeyPatch, tls: tuple[Path, ssl.SSLContext], post: Post, scheme: str
) -> None:
    certificate, context = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    how = (
        {"tls_context": context, "require_starttls": True, "auth_required": True}
        if scheme == "smtp"
        else {"ssl_context": context, "auth_require_tls": False}
    )
    with serving(Inbox(), authenticator=lock, **how) as inbox:
        good = SmtpTransport(f"{scheme}://us%2Fer:p%40ss%3Aword@127.0.0.1:{inbox.port}", FROM, timeout=5)
        good.send(post())
        good.close()
        assert len(inbox.envelopes) == 1
        with pytest.raises(UnreachableError, match="535"):
            SmtpTransport(f"{scheme}://us%2Fer:wrong@127.0.0.1:{inbox.port}", FROM, timeout=5).send(post())
    assert len(inbox.envelopes) == 1


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_nobody_vouches_for_is_not_trusted(
    tls: tuple[Path, ssl.SSLContext], post: Post, scheme: str
) -> None:
    _, context = tls
    how = {"tls_context": context} if scheme == "smtp" else {"ssl_context": context}
    with serving(Inbox(), **how) as inbox, pytest.raises(UnreachableError, match="CERTIFICATE_VERIFY_FAILED"):
        SmtpTransport(f"{scheme}://127.0.0.1:{inbox.port}", FROM, timeout=5).send(post())
    assert not inbox.envelopes


@pytest.mark.usefixtures("elsewhere")
def test_nothing_goes_to_another_machine_without_tls(inbox: Inbox, server: SmtpTransport, post: Post) -> None:
    with pytest.raises(UnreachableError, match="STARTTLS"):
        server.send(post())
    assert not inbox.envelopes


def test_without_a_server_a_mail_is_a_file(tmp_path: Path, post: Post) -> None:
    mail = post(subject="Bestätigen")
    with open_transport({"MAIL_URL": None, "MAIL_FOLDER": str(tmp_path / "mail"), "MAIL_FROM": FROM}) as folder:
        folder.send(mail)
        folder.send(mail)
    [path] = (tmp_path / "mail").iterdir()
    assert path.name == f"{mail.created_at:%Y-%m-%d-%H%M%S}-{mail.id}-greeting.eml"
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert message["Subject"] == "Bestätigen"
    assert message["To"] == "reader@example.org"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, post: Post) -> None:
    (tmp_path / "mail").write_text("a file is in the way")
    with pytest.raises(UnreachableError, match="cannot be written"):
        FolderTransport(tmp_path / "mail", FROM).send(post())


def test_dates_are_in_utc(post: Post) -> None:
    mail = post()
    mail.created_at = dt.datetime(2026, 3, 6, 23, 59, 1, tzinfo=dt.UTC)
    assert parsed(compose(mail, FROM))["Date"] == "Fri, 06 Mar 2026 23:59:01 +0000"


CODED = "=?utf-8?q?=0d=0aBcc:_victim=40example.org?="
"""A line end and a header, in the code that headers have for other scripts."""


def test_nobody_adds_a_header_in_code(post: Post) -> None:
    mail = compose(post(subject=f"{CODED} Hi", headers={"List-Id": f"{CODED} <letters.example.org>"}), FROM, CODED)
    sent = mail.as_bytes()
    assert b"\nBcc" not in sent
    message = parsed(mail)
    assert "Bcc" not in message
    assert message["Subject"] == f"{CODED.replace('=?', '= ?')} Hi"
    assert [address.addr_spec for address in message["From"].addresses] == [FROM]


def test_a_mail_that_would_have_a_header_of_somebody_else_is_refused(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_as_written", str)
    with pytest.raises(RefusedError, match="somebody else"):
        compose(post(subject=CODED), FROM)
