"""Settings: the only reader of the environment. A wrong value stops the start with one sentence."""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values, find_dotenv
from dotenv.parser import parse_stream
from flask.helpers import get_load_dotenv
from pydantic import AfterValidator, BeforeValidator, EmailStr, Field, HttpUrl, PositiveInt, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from webapp import secret_key
from webapp.database import engine_options, usable
from webapp.editorial.characters import on_one_line
from webapp.instance_folder import make_private_folder

log = logging.getLogger(__name__)

ENV_FILE = Path(__file__).parents[1] / ".env"
"""The one file of settings that counts, whatever the working directory is."""
REMOVED = {"RATE_LIMITS_URL": "limits are counted in the site's database now"}
"""Settings of earlier versions, and why nothing needs them any more."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*|\[.+\]")
"""A host name, or an IPv6 address."""


class SettingError(SystemExit):
    """A setting cannot be used. The text is one sentence for the owner."""


def usable_database_url(value: str) -> str:
    """With the driver that this site has for it. Raises ValueError for what is none, without repeating it."""
    try:
        return usable(make_url(value)).render_as_string(hide_password=False)
    except (ArgumentError, LookupError, ValueError):  # the last of a port that is no number, which it would repeat
        raise ValueError(
            "it is no address such as sqlite:////srv/site.db or postgresql://user:password@host/site (@ in it: %40)"
        ) from None


def _mail_url(value: str) -> str:
    try:
        url = urlsplit(value)
        is_usable = url.scheme in {"smtp", "smtps"} and url.hostname and url.port != 0
    except ValueError:  # a port that is no number
        is_usable = False
    if not is_usable:
        raise ValueError("it is not a mail server's address such as smtp://user:password@mail.example.org:587")
    return value


def _plain_url(url: HttpUrl) -> HttpUrl:
    """Only scheme, host, port and path: every URL is written behind them."""
    if url.username is not None or url.password is not None:
        raise ValueError("it must hold no user name and no password")
    if url.query is not None or url.fragment is not None:
        raise ValueError("it must be without ? or #")
    if not _HOST.fullmatch(url.host or "") or url.port == 0:
        raise ValueError("its host or port is not one that can be reached; an address looks like https://example.org")
    return url


def _site_url(url: HttpUrl) -> HttpUrl:
    if url.path not in {None, "/"}:
        raise ValueError("it must end with the host, since the site cannot live below a path")
    return _plain_url(url)


def _absolute(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("it must be a whole path that begins with /, such as /var/cache/site")
    return path


def _listed(value: object) -> object:
    """What stands between the commas of a text."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


ServiceUrl = Annotated[HttpUrl, AfterValidator(_plain_url)]
SecretKey = Annotated[str, AfterValidator(secret_key.long_enough)]


class Settings(BaseSettings):
    """What the owner can set, as environment variables or in the file .env beside wsgi.py; README lists them."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",  # Windows begins UTF-8 files with a mark
        env_ignore_empty=True,
        extra="ignore",
    )

    secret_key: SecretKey | None = None
    secret_key_fallbacks: Annotated[list[SecretKey], NoDecode, BeforeValidator(_listed)] = []
    database_url: Annotated[str, AfterValidator(usable_database_url)] | None = None
    site_url: Annotated[HttpUrl, AfterValidator(_site_url)] = HttpUrl("http://127.0.0.1:5000")
    owner_name: str | None = None
    site_language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    owner_email: EmailStr | None = None
    owner_postal_address: str | None = None
    mail_url: Annotated[str, AfterValidator(_mail_url)] | None = None
    mail_from: EmailStr = "letters@example.org"
    page_folder: Annotated[Path, AfterValidator(_absolute)] | None = None
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0
    scholarly_contact: EmailStr | None = None
    crossref_url: ServiceUrl = HttpUrl("https://api.crossref.org")
    europepmc_url: ServiceUrl = HttpUrl("https://www.ebi.ac.uk/europepmc/webservices/rest")
    pubmed_url: ServiceUrl = HttpUrl("https://eutils.ncbi.nlm.nih.gov/entrez/eutils")
    trials_url: ServiceUrl = HttpUrl("https://clinicaltrials.gov/api/v2")
    indexnow_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,128}$")] | None = None
    indexnow_url: ServiceUrl = HttpUrl("https://api.indexnow.org")
    data_terms: Annotated[str, Field(max_length=500), AfterValidator(on_one_line)] | None = None
    europepmc_provider: PositiveInt | None = None


SECRET = {"secret_key", "secret_key_fallbacks", "mail_url", "indexnow_key"}
NAMES = sorted(name.upper() for name in Settings.model_fields)
PREFIXES = tuple({f"{name.partition('_')[0]}_" for name in NAMES})


def read_settings() -> Settings:
    """What is set, from the environment before the file. Raises SettingError for what cannot be used."""
    env_file = Settings.model_config.get("env_file")
    problems = list(_strange_names_around(name for name, value in os.environ.items() if value))
    if isinstance(env_file, Path):
        _refuse_other_file(env_file)
        problems += _strange_names_in(env_file)
    if problems:
        raise _stop(*problems)
    try:
        settings = Settings()
    except ValidationError as error:
        raise _stop(*(_words(found["loc"][0], found["input"], found["msg"]) for found in error.errors())) from None
    if settings.mail_url and "mail_from" not in settings.model_fields_set:
        raise _stop("MAIL_URL is set, so MAIL_FROM must say which address mails come from")
    if settings.indexnow_key and "site_url" not in settings.model_fields_set:
        raise _stop("INDEXNOW_KEY is set, so SITE_URL must say of which site search engines are told")
    return settings


def _stop(*problems: str) -> SettingError:
    words = "; ".join(problems)
    return SettingError(f"The site did not start, because a setting is wrong. {words}{'' if words[-1] == '?' else '.'}")


def _words(place: int | str, value: object, message: str) -> str:
    """What is wrong with a value; one that holds a password is not repeated."""
    name = str(place)
    is_secret = name in SECRET or (name.endswith("_url") and ("@" in str(value) or str(value).startswith("postgres")))
    shown = "what it is" if is_secret else repr(value)
    return f"{name.upper()} cannot be {shown}: {message.removeprefix('Value error, ')}"


def _strange_names_in(env_file: Path) -> Iterator[str]:
    """What is wrong with the names in the file. It is ours alone: whatever looks like a setting must be one."""
    try:
        text = env_file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return
    except OSError as error:
        raise _stop(f"The file {env_file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise _stop(f"The file {env_file} is not UTF-8 text: save it again as UTF-8")
    for line in parse_stream(io.StringIO(text)):
        name = (line.key or "").upper()
        if line.error or (line.key and line.value is None):
            yield f"Line {line.original.line} of {env_file} is neither NAME=value nor a comment"
        elif name in _removed():
            yield f"{name} is no setting any more, because {REMOVED[name]}: delete it from {env_file}"
        elif name not in NAMES and (name.startswith(PREFIXES) or _meant(name)):
            yield f"{name} in {env_file} is no setting: {_advice(name)}"


def _strange_names_around(environment: Iterable[str]) -> Iterator[str]:
    """What is wrong with the names in the environment. Other programs put theirs there too (MAILTO, SITE_ID):
    only a slip of one of ours is one.
    """
    for given in environment:
        name = given.lstrip("\ufeff").upper()
        if name in _removed():
            yield f"{name} is no setting any more, because {REMOVED[name]}: take it out of the environment"
        elif name not in NAMES and name.startswith(PREFIXES) and _meant(name):
            yield f"{name} in the environment is no setting: {_advice(name)}"


def _removed() -> set[str]:
    return set(REMOVED) - set(NAMES)


def _meant(name: str) -> str | None:
    """The setting of which a name is a slip: one wrong, missing, added or swapped letter in every five."""
    from rapidfuzz.distance import DamerauLevenshtein

    distance, nearest = min((DamerauLevenshtein.distance(name, known), known) for known in NAMES)
    return nearest if distance <= len(nearest) // 5 else None


def _advice(name: str) -> str:
    meant = _meant(name)
    alike = [known for known in NAMES if known.startswith(f"{name.partition('_')[0]}_")]
    return f"did you mean {meant}?" if meant else f"those that begin like it are {' and '.join(alike)}"


def _refuse_other_file(env_file: Path) -> None:
    """The flask command looks for settings upward from the working directory, and would mix such a file with ours."""
    for kind in (".env", ".flaskenv"):
        found = find_dotenv(kind, usecwd=True)
        if not found or Path(found).resolve() == env_file.resolve():
            continue
        try:
            ours = {name.upper() for name in dotenv_values(found, encoding="utf-8-sig")} & {*NAMES, *REMOVED}
        except (OSError, UnicodeDecodeError):
            continue
        if not ours:
            continue
        if get_load_dotenv() and os.environ.get("FLASK_RUN_FROM_CLI") == "true":
            raise _stop(f"The file {found} holds settings too ({', '.join(sorted(ours))}): move them to {env_file}")
        log.warning("The settings in %s are not read: the file that counts is %s.", found, env_file)


def settings_file() -> Path | None:
    """The file with the owner's settings, whether it is there or not; None when none is read."""
    name = Settings.model_config.get("env_file")
    return Path(name).absolute() if isinstance(name, str | Path) else None


def flask_config(instance: Path) -> dict[str, Any]:
    """The configuration of the application. Raises SettingError for a value that cannot be used."""
    settings = read_settings()
    keys, key_file = _keys(settings, instance)
    database_url = settings.database_url or f"sqlite:///{instance / 'site.db'}"
    return {
        "SECRET_KEY": keys.current,
        "SECRET_KEY_FALLBACKS": [*settings.secret_key_fallbacks, *keys.fallbacks],
        "SECRET_KEY_FILE": key_file,
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SITE_URL": str(settings.site_url).rstrip("/"),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database_url),
        "SITE_LANGUAGE": settings.site_language,
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
        "SCHOLARLY_CONTACT": settings.scholarly_contact or settings.owner_email,
        "CROSSREF_URL": str(settings.crossref_url).rstrip("/"),
        "EUROPEPMC_URL": str(settings.europepmc_url).rstrip("/"),
        "PUBMED_URL": str(settings.pubmed_url).rstrip("/"),
        "TRIALS_URL": str(settings.trials_url).rstrip("/"),
        "INDEXNOW_KEY": settings.indexnow_key,
        "INDEXNOW_URL": str(settings.indexnow_url).rstrip("/"),
        "DATA_TERMS": settings.data_terms,
        "EUROPEPMC_PROVIDER": settings.europepmc_provider,
        "MAX_CONTENT_LENGTH": 64 * 1024,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PAGE_CACHE_BYTES": 8 * 1024 * 1024,  # of each worker; what does not fit is read from the page folder
        "PAGE_FOLDER": str(settings.page_folder or instance / "pages"),
        "PAGE_FOLDER_BYTES": 500 * 1024 * 1024,  # of each edition
        "COMPRESS_REGISTER": True,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_LEVEL": 6,
        "COMPRESS_MIN_SIZE": 400,
        "COMPRESS_STREAMS": False,  # a file would be compressed at each request, and stay open when cut off
    }


def _keys(settings: Settings, instance: Path) -> tuple[secret_key.Keys, Path | None]:
    """The keys, and the file they stand in: None when the key is a setting."""
    try:
        make_private_folder(instance)
    except OSError as error:
        raise SettingError(f"The site did not start: its folder {instance} cannot be made: {error.strerror}.") from None
    if settings.secret_key:
        return secret_key.Keys(settings.secret_key, []), None
    try:
        return secret_key.read_or_make(instance / "secret_key"), instance / "secret_key"
    except secret_key.SecretKeyError as error:
        raise SettingError(f"The site did not start. {error}") from None
