"""Settings: what can be set, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.config import SettingError, flask_config


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "not an address"),
        ("OWNER_EMAIL", "nobody"),
        ("TRUSTED_PROXIES", "many"),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "no database"),
        ("DATABASE_URL", "mysql://x/y"),
        ("MAIL_URL", "mail.example.org"),
        ("MAIL_URL", "http://mail.example.org"),
        ("MAIL_URL", "smtp://mail.example.org:many"),
        ("MAIL_FROM", "nobody"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_names_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as stopped:
        flask_config(tmp_path)
    assert name in str(stopped.value)
    assert "\n" not in str(stopped.value)
    if name not in {"SECRET_KEY", "MAIL_URL"}:
        assert value in str(stopped.value)


@pytest.mark.parametrize(("name", "value"), [("SECRET_KEY", "hunter2"), ("MAIL_URL", "smtp://me:hunter2@x:many")])
def test_a_wrong_secret_is_not_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as stopped:
        flask_config(tmp_path)
    assert "hunter2" not in str(stopped.value)


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = flask_config(tmp_path)["SECRET_KEY"]
    assert len(first) > 30
    assert flask_config(tmp_path)["SECRET_KEY"] == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_an_empty_setting_is_no_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OWNER_EMAIL", "")
    assert flask_config(tmp_path)["OWNER_EMAIL"] is None


def test_a_mail_server_without_a_sender_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://localhost:25")
    with pytest.raises(SettingError, match="MAIL_FROM"):
        flask_config(tmp_path)
    monkeypatch.setenv("MAIL_FROM", "letters@example.org")
    assert flask_config(tmp_path)["MAIL_FROM"] == "letters@example.org"
