"""Settings: what can be set, and what a wrong one says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.config import ENV_FILE, NAMES, SettingError, Settings, flask_config

ROOT = Path(__file__).parents[2]


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
        ("SECRET_KEY", " " * 20),
        ("SECRET_KEY_FALLBACKS", "short"),
        ("SECRET_KEY_FALLBACKS", "long enough for any use, short"),
        ("SITE_URL", "https://example.org/spinal"),
        ("SITE_URL", "https://example.org/?"),
        ("SITE_URL", "https://example.org?page=1"),
        ("SITE_URL", "https://example.org/#top"),
        ("SITE_URL", "ftp://example.org"),
        ("SITE_URL", "https://exa_mple.org"),
        ("SITE_URL", "https://-example.org"),
        ("SITE_URL", "https://example..org"),
        ("SITE_URL", "https://*.example.org"),
        ("SITE_URL", f"https://{'a' * 64}.org"),
        ("SITE_URL", f"https://{'a23456789.' * 26}org"),
        ("SITE_URL", "https://example.org:0"),
        ("SCHOLARLY_CONTACT", "nobody"),
        ("CROSSREF_URL", "api.crossref.org"),
        ("CROSSREF_URL", "ftp://api.crossref.org"),
        ("EUROPEPMC_URL", "https://example.org/rest?format=json"),
        ("PUBMED_URL", "https://example.org/#entrez"),
        ("TRIALS_URL", "https://exa_mple.org/api/v2"),
        ("EUROPEPMC_PROVIDER", "Biodiversity"),
        ("DATA_TERMS", "x" * 501),
        ("INDEXNOW_URL", "api.indexnow.org"),
        ("EUROPEPMC_PROVIDER", "0"),
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
    if name not in {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "MAIL_URL"}:
        assert value in str(stopped.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "hunter2"),
        ("SECRET_KEY_FALLBACKS", "hunter2"),
        ("MAIL_URL", "smtp://me:hunter2@x:many"),
        ("SITE_URL", "https://me:hunter2@example.org"),
        ("SITE_URL", "https://me:hunter2@exam ple.org"),
        ("DATABASE_URL", "mysql://me:hunter2@example.org/site"),
        ("DATABASE_URL", "postgresql://me:hunter2"),
        ("DATABASE_URL", "postgresql://me@example.org:hunter2/site"),
        ("DATABASE_URL", "postgresql://me:a@hunter2@example.org/site"),
        ("DATABASE_URL", "postgres://me:hunter2@example.org/site"),
        ("TRIALS_URL", "https://me:hunter2@example.org/api"),
        ("INDEXNOW_KEY", "hunter2"),
        ("INDEXNOW_KEY", "/hunter2.txt"),
        ("INDEXNOW_KEY", "hunter2" * 20),
    ],
)
def test_a_wrong_secret_is_not_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as stopped:
        flask_config(tmp_path)
    assert "hunter2" not in str(stopped.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org/", "https://example.org"),
        ("https://Example.org:8443", "https://example.org:8443"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_the_address_of_the_site_is_kept_in_one_form(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str, kept: str
) -> None:
    monkeypatch.setenv("SITE_URL", given)
    assert flask_config(tmp_path)["SITE_URL"] == kept


def test_the_services_for_papers_and_trials_are_the_real_ones_unless_others_are_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = ("CROSSREF_URL", "EUROPEPMC_URL", "PUBMED_URL", "TRIALS_URL", "INDEXNOW_URL")
    assert [flask_config(tmp_path)[name] for name in names] == [
        "https://api.crossref.org",
        "https://www.ebi.ac.uk/europepmc/webservices/rest",
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        "https://clinicaltrials.gov/api/v2",
        "https://api.indexnow.org",
    ]
    for name in names:
        monkeypatch.setenv(name, "http://127.0.0.1:8080/mirror/")
        assert flask_config(tmp_path)[name] == "http://127.0.0.1:8080/mirror"


def test_services_are_told_the_address_of_the_owner_unless_another_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert flask_config(tmp_path)["SCHOLARLY_CONTACT"] is None
    monkeypatch.setenv("OWNER_EMAIL", "owner@example.org")
    assert flask_config(tmp_path)["SCHOLARLY_CONTACT"] == "owner@example.org"
    monkeypatch.setenv("SCHOLARLY_CONTACT", "papers@example.org")
    assert flask_config(tmp_path)["SCHOLARLY_CONTACT"] == "papers@example.org"


def test_a_key_for_search_engines_without_an_address_of_the_site_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert flask_config(tmp_path)["INDEXNOW_KEY"] is None
    monkeypatch.setenv("INDEXNOW_KEY", "EdD8dkmd-NLlxREi2")
    assert "SITE_URL must say" in refusal(tmp_path)
    monkeypatch.setenv("SITE_URL", "https://example.org")
    assert flask_config(tmp_path)["INDEXNOW_KEY"] == "EdD8dkmd-NLlxREi2"


def refusal(instance: Path) -> str:
    with pytest.raises(SettingError) as stopped:
        flask_config(instance)
    assert "\n" not in str(stopped.value)
    return str(stopped.value)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("SITE_URI", "SITE_URL"),
        ("SITE_ULR", "SITE_URL"),
        ("site_uri", "SITE_URL"),
        ("MAIL_FORM", "MAIL_FROM"),
        ("OWNER_MAIL", "OWNER_EMAIL"),
        ("OWNER_POSTAL_ADRESS", "OWNER_POSTAL_ADDRESS"),
        ("SECRET_KEYS", "SECRET_KEY"),
        ("SECRET_KEY_FALLBACK", "SECRET_KEY_FALLBACKS"),
        ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ("DATABASE_URI", "DATABASE_URL"),
    ],
)
def test_a_misspelled_name_is_named_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, env_file: Path, slip: str, meant: str
) -> None:
    env_file.write_text(f"{slip}=x")
    assert f"{slip.upper()} in {env_file} is no setting: did you mean {meant}?" in refusal(tmp_path)
    env_file.unlink()
    monkeypatch.setenv(slip, "x")
    assert f"{slip.upper()} in the environment is no setting: did you mean {meant}?" in refusal(tmp_path)


FOREIGN = (
    "MAIL MAILCHECK MAILPATH MAILTO MAILFROM MAIL_CONFIG MAIL_SERVER MAIL_PORT MAIL_HOST MAIL_USERNAME MAIL_PASSWORD "
    "MAIL_DRIVER MAIL_FROM_NAME MAIL_FROM_ADDRESS SITE_ID SITE_NAME SITE_ROOT SITE_DIR DATABASE_HOST DATABASE_USER "
    "DATABASE_NAME DATABASE_PASSWORD SECRET_KEY_BASE SECRET_TOKEN SECRETS_DIR OWNER OWNER_ID TRUSTED_HOSTS PORT BIND "
    "WORKERS FLASK_DEBUG"
)


def test_names_of_other_programs_in_the_environment_stop_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert not set(FOREIGN.split()) & set(NAMES)
    for name in FOREIGN.split():
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("SITE_URI", "")  # an empty one is none
    assert flask_config(tmp_path)["SITE_URL"] == "http://127.0.0.1:5000"


@pytest.mark.parametrize("name", ["MAIL_SERVER", "SITE_NAME", "OWENR_EMAIL", "STIE_URL", "SITEURL", "SECRET"])
def test_the_file_is_ours_alone_so_what_looks_like_a_setting_must_be_one(
    tmp_path: Path, env_file: Path, name: str
) -> None:
    env_file.write_text(f"# our site\n\nBIND=127.0.0.1:9000\nexport {name}='x'\n")
    if name == "SECRET":
        assert flask_config(tmp_path)
    else:
        assert f"{name} in {env_file}" in refusal(tmp_path)


def test_every_wrong_name_is_told_at_once(tmp_path: Path, env_file: Path) -> None:
    env_file.write_text("SITE_ADDRESS=x\nOWNER_PHONE=x\n")
    said = refusal(tmp_path)
    assert "SITE_ADDRESS" in said
    assert "those that begin like it are OWNER_EMAIL and OWNER_NAME and OWNER_POSTAL_ADDRESS" in said


def test_a_setting_of_an_earlier_version_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, env_file: Path
) -> None:
    monkeypatch.setattr("webapp.config.REMOVED", {"LETTERS_PER_HOUR": "it is not counted"})
    env_file.write_text("LETTERS_PER_HOUR=3")
    assert "LETTERS_PER_HOUR is no setting any more, because it is not counted" in refusal(tmp_path)
    env_file.unlink()
    monkeypatch.setenv("LETTERS_PER_HOUR", "3")
    assert "LETTERS_PER_HOUR is no setting any more, because it is not counted" in refusal(tmp_path)


@pytest.fixture
def env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The place of the file of settings; the working directory is another."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / "project" / ".env")
    return tmp_path / "project" / ".env"


def test_the_file_that_counts_lies_beside_wsgi_py_whatever_the_working_directory() -> None:
    assert ENV_FILE.is_absolute()
    assert (ENV_FILE.parent / "wsgi.py").is_file()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_file_is_read_with_the_mark_that_windows_puts_first(tmp_path: Path, env_file: Path, encoding: str) -> None:
    env_file.write_text("OWNER_NAME=Zoë\nSECRET_KEY_FALLBACKS=the key of last year,the key before it\n", encoding)
    config = flask_config(tmp_path)
    assert config["OWNER_NAME"] == "Zoë"
    assert config["SECRET_KEY_FALLBACKS"] == ["the key of last year", "the key before it"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_a_file_that_is_not_utf_8_stops_the_start(tmp_path: Path, env_file: Path, encoding: str) -> None:
    env_file.write_bytes("OWNER_NAME=Zoë".encode(encoding))
    assert f"The file {env_file} is not UTF-8 text" in refusal(tmp_path)


def test_a_file_that_cannot_be_read_stops_the_start(tmp_path: Path, env_file: Path) -> None:
    env_file.mkdir()
    assert f"The file {env_file} cannot be read: Is a directory." in refusal(tmp_path)


@pytest.mark.parametrize("line", ["SITE_URL: https://example.org", "MAIL_URL", "SITE URL=https://example.org", "=x"])
def test_a_line_that_sets_nothing_stops_the_start(tmp_path: Path, env_file: Path, line: str) -> None:
    env_file.write_text(f"OWNER_NAME=Ada\n{line}\n")
    said = refusal(tmp_path)
    assert f"Line 2 of {env_file}" in said
    assert line not in said, "it may hold a password"


@pytest.mark.parametrize("name", [".env", ".flaskenv"])
def test_settings_in_a_parent_folder_that_the_flask_command_has_read_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, env_file: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / name).write_text("FLASK_DEBUG=0\n")
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.delenv("FLASK_SKIP_DOTENV", raising=False)
    assert flask_config(tmp_path)  # it holds nothing of ours
    (tmp_path / name).write_text("SITE_URL=https://elsewhere.example\n")
    assert f"The file {tmp_path / name} holds settings too (SITE_URL): move them to {env_file}." in refusal(tmp_path)
    monkeypatch.setenv("FLASK_SKIP_DOTENV", "1")
    assert flask_config(tmp_path)["SITE_URL"] == "http://127.0.0.1:5000"
    assert f"The settings in {tmp_path / name} are not read" in caplog.text


def test_the_flask_command_itself_stops_at_a_file_of_a_parent_folder(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SITE_URL=https://elsewhere.example\n")
    (tmp_path / "below").mkdir()
    environment = {**os.environ, "FLASK_SKIP_DOTENV": "0"}
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "mail", "status"]
    ended = subprocess.run(
        command, cwd=tmp_path / "below", env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("The site did not start, because a setting is wrong. The file ")
    assert ended.stderr.endswith(f"move them to {ENV_FILE}.\n")
    assert ended.stderr.count("\n") == 1


def test_an_empty_setting_is_no_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OWNER_EMAIL", "")
    assert flask_config(tmp_path)["OWNER_EMAIL"] is None


def test_a_mail_server_without_a_sender_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://localhost:25")
    with pytest.raises(SettingError, match="MAIL_FROM"):
        flask_config(tmp_path)
    monkeypatch.setenv("MAIL_FROM", "letters@example.org")
    assert flask_config(tmp_path)["MAIL_FROM"] == "letters@example.org"
