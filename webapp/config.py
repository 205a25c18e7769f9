"""Settings: the only reader of the environment. A wrong value stops the start with one sentence."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, EmailStr, Field, HttpUrl, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from webapp.instance_folder import make_private_folder


class SettingError(SystemExit):
    """A setting cannot be used. The text is one sentence for the owner."""


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("it is not a database address such as sqlite:////srv/site/site.db") from None
    if url.get_backend_name() != "sqlite":
        raise ValueError("only SQLite is supported so far, such as sqlite:////srv/site/site.db")
    return value


def _mail_url(value: str) -> str:
    try:
        url = urlsplit(value)
        is_usable = url.scheme in {"smtp", "smtps"} and url.hostname and url.port != 0
    except ValueError:  # a port that is no number
        is_usable = False
    if not is_usable:
        raise ValueError("it is not a mail server's address such as smtp://user:password@mail.example.org:587")
    return value


class Settings(BaseSettings):
    """What the owner can set, as environment variables or in a file named .env; README lists them."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    secret_key: Annotated[str, Field(min_length=16)] | None = None
    database_url: Annotated[str, AfterValidator(_database_url)] | None = None
    site_url: HttpUrl = HttpUrl("http://127.0.0.1:5000")
    owner_name: str | None = None
    owner_email: EmailStr | None = None
    owner_postal_address: str | None = None
    mail_url: Annotated[str, AfterValidator(_mail_url)] | None = None
    mail_from: EmailStr = "letters@example.org"
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0


SECRET = {"secret_key", "mail_url"}


def settings_file() -> Path | None:
    """The file with the owner's settings, whether it is there or not; None when none is read."""
    name = Settings.model_config.get("env_file")
    return Path(name).absolute() if isinstance(name, str | Path) else None


def flask_config(instance: Path) -> dict[str, Any]:
    """The configuration of the application. Raises SettingError for a value that cannot be used."""
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{name.upper()} cannot be {'what it is' if name in SECRET else repr(found['input'])}: "
            f"{found['msg'].removeprefix('Value error, ')}"
            for found in error.errors()
            for name in [str(found["loc"][0])]
        )
        raise SettingError(f"The site did not start, because a setting is wrong. {wrong}.") from None
    if settings.mail_url and "mail_from" not in settings.model_fields_set:
        raise SettingError(
            "The site did not start: MAIL_URL is set, so MAIL_FROM must say which address mails come from."
        )
    make_private_folder(instance)
    return {
        "SECRET_KEY": settings.secret_key or _kept_secret(instance / "secret_key"),
        "SQLALCHEMY_DATABASE_URI": settings.database_url or f"sqlite:///{instance / 'site.db'}",
        "SITE_URL": str(settings.site_url).rstrip("/"),
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # no reader's address in a log
        "OWNER_NAME": settings.owner_name,
        "OWNER_EMAIL": settings.owner_email,
        "OWNER_POSTAL_ADDRESS": settings.owner_postal_address,
        "MAIL_URL": settings.mail_url,
        "MAIL_FROM": settings.mail_from,
        "MAIL_FOLDER": str(instance / "mail"),
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_STORAGE_URI": "database://",  # webapp/rate_limits.py
        "RATELIMIT_STRATEGY": "moving-window",
        "RATELIMIT_HEADERS_ENABLED": False,
        "TRUSTED_PROXIES": settings.trusted_proxies,
        "MAX_CONTENT_LENGTH": 64 * 1024,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PAGE_CACHE_BYTES": 32 * 1024 * 1024,
        "COMPRESS_REGISTER": True,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_LEVEL": 6,
        "COMPRESS_MIN_SIZE": 400,
    }


def _kept_secret(path: Path) -> str:
    """A random key, made at the first start and kept in the instance folder."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text().strip()
