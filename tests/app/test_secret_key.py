"""The secret key: made once, whoever starts first; never half there; changed without a reader noticing."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from tests.conftest import make_app, site_on
from tests.page import Values, client_of
from webapp import secret_key, voter
from webapp.cli.upkeep import secret
from webapp.config import SettingError, flask_config

LONG = "a-key-of-an-owner-who-made-it"

ALONE = f"""
import importlib.util, os, pathlib, signal, sys
spec = importlib.util.spec_from_file_location("secret_key", {secret_key.__file__!r})
secret_key = importlib.util.module_from_spec(spec)
spec.loader.exec_module(secret_key)
"""
"""The module without the application, with which each process would take seconds to start."""


def python(code: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ALONE + code, str(folder / "secret_key")]
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture
def site(empty_instance: Path, tmp_path: Path) -> Flask:
    """A site that was started, outside of any application context, so that it can be started anew beside itself."""
    return site_on(empty_instance, tmp_path)


def restarted(site: Flask) -> Flask:
    return make_app(Path(site.instance_path))


def test_the_key_is_made_once_and_for_its_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    first = flask_config(folder)["SECRET_KEY"]
    assert len(first) > 40
    assert flask_config(folder)["SECRET_KEY"] == first
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_four_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    """Each has found that there is no key before any of them makes one."""
    code = """
make = secret_key._make
def after_all(path):
    print("none yet", flush=True)
    sys.stdin.readline()
    make(path)
secret_key._make = after_all
print(secret_key.read_or_make(pathlib.Path(sys.argv[1])).current)
"""
    starts = [python(code, tmp_path) for _ in range(4)]
    for start in starts:
        assert start.stdout
        assert start.stdout.readline() == "none yet\n"
    keys = {start.communicate("go\n", timeout=60)[0].strip() for start in starts}
    assert keys == {(tmp_path / "secret_key").read_text().strip()}
    assert len(keys.pop()) == 43


@pytest.mark.parametrize("moment", ["fsync", "link"])
def test_a_kill_leaves_no_half_written_key(tmp_path: Path, moment: str) -> None:
    code = f"""
os.{moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
secret_key.read_or_make(pathlib.Path(sys.argv[1]))
"""
    killed = python(code, tmp_path)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "secret_key").exists()
    assert len(flask_config(tmp_path)["SECRET_KEY"]) == 43


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b" " * 20, b"\xff" * 20, b"key until 2199-01-01", None])
def test_a_key_file_that_cannot_be_used_stops_the_start_with_one_sentence(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "secret_key"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(SettingError) as stopped:
        flask_config(tmp_path)
    assert str(path) in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert "short" not in str(stopped.value)


def test_a_key_file_of_another_user_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    """Also where the tests run as root, who may read everything: the system's answer is the same error."""
    path = tmp_path / "secret_key"
    path.symlink_to(path)  # a circle: it is there, and cannot be read
    with pytest.raises(SettingError, match="cannot be read"):
        flask_config(tmp_path)


def test_a_folder_that_cannot_be_made_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="cannot be made"):
        flask_config(tmp_path / "file" / "instance")


def test_a_key_of_several_lines_stays_one_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("first line of a key\nsecond line ü \\n\n")
    before = flask_config(tmp_path)
    assert before["SECRET_KEY"] == "first line of a key\nsecond line ü \\n"
    secret_key.rotate(tmp_path / "secret_key", 1)
    assert flask_config(tmp_path)["SECRET_KEY_FALLBACKS"] == [before["SECRET_KEY"]]


def contact_form(site: Flask) -> Values:
    return (
        client_of(site)
        .page("/contact")
        .values(address="kim@example.org", topic="question", text="My words must not be lost.")
    )


def cookie(site: Flask) -> str:
    with site.app_context():
        return voter.sign("a" * 32)


def is_form_taken(site: Flask, data: Values) -> bool:
    return site.test_client().post("/contact", data=data).status_code == 303


def is_known(site: Flask, signed: str) -> bool:
    with site.test_request_context(headers={"Cookie": f"{voter.COOKIE}={signed}"}):
        return voter.known_voter() == "a" * 32


def test_a_form_and_a_cookie_from_before_a_rotation_are_taken_until_the_old_key_is_removed(site: Flask) -> None:
    form, signed = contact_form(site), cookie(site)
    outcome = site.test_cli_runner().invoke(args=["secret", "rotate"])
    assert outcome.exit_code == 0
    assert "Start the site anew" in outcome.output
    new = restarted(site)
    assert new.secret_key != site.secret_key
    assert str(new.secret_key) not in outcome.output
    assert is_form_taken(new, form)
    assert is_known(new, signed)
    assert cookie(new) != signed, "the new key signs"
    assert is_known(new, cookie(new))

    outcome = site.test_cli_runner().invoke(args=["secret", "rotate", "--days", "0"])
    assert outcome.exit_code == 0
    newest = restarted(site)
    assert newest.config["SECRET_KEY_FALLBACKS"] == []
    assert not is_form_taken(newest, form)
    assert not is_known(newest, signed)
    assert not is_known(newest, cookie(new))


def test_the_same_holds_for_keys_that_are_settings(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    form, signed = contact_form(site), cookie(site)
    monkeypatch.setenv("SECRET_KEY", "the new key of this site")
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"an even older key than that, {site.config['SECRET_KEY']}")
    new = restarted(site)
    assert new.config["SECRET_KEY_FALLBACKS"] == ["an even older key than that", site.config["SECRET_KEY"]]
    assert is_form_taken(new, form)
    assert is_known(new, signed)
    monkeypatch.delenv("SECRET_KEY_FALLBACKS")
    assert not is_form_taken(restarted(site), form)
    assert not is_known(restarted(site), signed)


def test_a_session_from_before_a_rotation_is_taken(site: Flask) -> None:
    """Flask's own cookie, which pages behind a log-in will use."""

    def signer(started: Flask) -> Any:
        assert isinstance(started.session_interface, SecureCookieSessionInterface)
        return started.session_interface.get_signing_serializer(started)

    signed = signer(site).dumps({"kept": "yes"})
    secret_key.rotate(site.config["SECRET_KEY_FILE"], 1)
    assert signer(restarted(site)).loads(signed) == {"kept": "yes"}


def test_old_keys_run_out_by_themselves(tmp_path: Path) -> None:
    today = dt.datetime.now(dt.UTC).date()
    path = tmp_path / "secret_key"
    path.write_text(
        f"{LONG}\nthe key before this one until {today + dt.timedelta(days=2)}\n"
        f"the key before that one until {today - dt.timedelta(days=1)}\n"
    )
    assert flask_config(tmp_path)["SECRET_KEY_FALLBACKS"] == ["the key before this one"]
    secret_key.rotate(path, 30)
    assert flask_config(tmp_path)["SECRET_KEY_FALLBACKS"] == ["the key before this one", LONG]
    assert "the key before that one" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_old_key_is_kept_longer_than_anything_it_signed() -> None:
    [option] = [option for option in secret.commands["rotate"].params if option.name == "days"]
    assert isinstance(option.default, int)
    assert option.default * 24 * 3600 > max(voter.LIFETIME, 7 * 24 * 3600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_rotated_by_root_the_key_stays_the_sites_own(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.write_text(LONG)
    os.chown(path, 4321, 4322)
    secret_key.rotate(path, 1)
    assert (path.stat().st_uid, path.stat().st_gid) == (4321, 4322)


def test_a_key_that_is_a_setting_is_not_changed_but_told_how(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", LONG)
    outcome = restarted(site).test_cli_runner().invoke(args=["secret", "rotate"])
    assert outcome.exit_code == 0
    assert "Nothing was changed" in outcome.output
    assert "SECRET_KEY_FALLBACKS=" in outcome.output
    assert LONG not in outcome.output
    [suggested] = [line for line in outcome.output.split("\n") if line.startswith("  SECRET_KEY=")]
    assert len(suggested) > 43


def test_a_file_that_cannot_be_rotated_says_so(site: Flask) -> None:
    site.config["SECRET_KEY_FILE"].unlink()
    outcome = site.test_cli_runner().invoke(args=["secret", "rotate"])
    assert outcome.exit_code == 1
    assert outcome.output.startswith("Error: The secret key in ")
