"""The Dockerfile and the compose example: what can be known of them without an engine that builds and runs them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from tests.deploy.proxies import ROOT, adapted, write_nginx
from webapp.config import NAMES

DEPLOY = ROOT / "deploy"
OF_PROGRAMS = {"BIND", "FLASK_SKIP_DOTENV", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
"""What gunicorn's configuration, Flask and Python read."""
Line = tuple[str, str]


def stages() -> dict[str, list[Line]]:
    """Of each image by its name: the instructions with what stands behind them, on one line each."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), flags=re.M)
    found: dict[str, list[Line]] = {}
    for line in filter(None, re.sub(r"\\\n\s*", "", text).split("\n")):
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            found[rest.split(" AS ")[1]] = []
        found[list(found)[-1]].append((word, rest))
    return found


STAGES = stages()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.example.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "spinal-cord-research-help"}


def given(stage: str, word: str) -> list[str]:
    return [rest for found, rest in STAGES[stage] if found == word]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for line in given("site", "ENV") for pair in line.split())


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site as its COPY lines make it."""
    folder = tmp_path_factory.mktemp("image")
    for line in given("site", "COPY"):
        source, target = line.split()
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (folder / target).mkdir(exist_ok=True)
            shutil.copy(ROOT / source, folder / target)
    return folder


def test_the_image_holds_all_that_the_site_needs_and_nothing_of_the_owner(image: Path) -> None:
    """gunicorn makes the site from what was copied, and does not serve it."""
    command = [*json.loads(given("site", "CMD")[0]), "--check-config"]
    settings = environment() | {"PATH": "/usr/bin:/bin", "PAGE_FOLDER": str(image / "instance" / "pages")}
    subprocess.run([sys.executable, *command[1:]], cwd=image, env=settings, check=True)
    kept = {"requirements.txt", "wsgi.py", "deploy", "migrations", "webapp"}
    assert {path.name for path in image.iterdir()} - kept == {"instance"}


def test_the_engine_is_handed_what_is_copied_and_nothing_else() -> None:
    first, *lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split("\n")[1:]
    assert first == "*"
    handed = {line[1:] for line in lines if line.startswith("!")}
    assert handed == {line.split()[0].rstrip("/") for stage in STAGES for line in given(stage, "COPY")}
    assert all((ROOT / name).exists() for name in handed)


def test_what_is_installed_and_built_on_is_named_with_its_version() -> None:
    (install,) = [line for line in given("site", "RUN") if " pip " in line]
    assert "--require-hashes" in install
    built_on = [line.split()[0] for stage in STAGES for line in given(stage, "FROM")]
    for name in (*built_on, SERVICES["db"]["image"]):
        assert re.fullmatch(r"[a-z]+:[\w.]*(\d|bookworm)[\w.-]*", name), "no host, and a version"


def test_settings_and_folders_are_ones_the_site_knows() -> None:
    assert set(environment()) - OF_PROGRAMS <= set(NAMES)
    kept = environment()["PAGE_FOLDER"]
    assert json.loads(given("site", "VOLUME")[0]) == ["/srv/site/instance", kept]
    assert f"root {kept}/current;" in (DEPLOY / "nginx.conf.example").read_text(encoding="utf-8")
    assert f"pages-1:{kept}:ro" in SERVICES["proxy"]["volumes"]


def test_it_listens_where_it_is_looked_for() -> None:
    host, _, port = environment()["BIND"].partition(":")
    assert (host, [port]) == ("0.0.0.0", given("site", "EXPOSE"))  # noqa: S104
    assert f"//127.0.0.1:{port}/healthz" in given("site", "HEALTHCHECK")[0]
    (upstream,) = [line for line in given("proxy", "RUN") if "web-1" in line]
    webs = {name for name, service in OURS.items() if "command" not in service}
    assert set(re.findall(rf"server ([\w-]+):{port};", upstream)) == webs
    hosts = {f"{name}:{SERVICES[name]['networks']['inside']['ipv4_address']}" for name in webs}
    assert set(SERVICES["proxy"]["extra_hosts"]) == hosts


def test_each_command_is_one_of_the_site_and_hears_signals_itself(shipped_app: Flask) -> None:
    commands = [one.get("entrypoint", []) + one["command"] for one in OURS.values() if "command" in one]
    assert {tuple(command[:3]) for command in commands} == {("python", "-m", "flask")}
    for _, _, _, *words in commands:
        options = [word for word in words if word.startswith("--")]
        names = words[: words.index(options[0])] if options else words
        told = shipped_app.test_cli_runner().invoke(args=[*names, "--help"])
        assert told.exit_code == 0, told.output
        assert all(option in told.output for option in options)


def test_a_service_writes_its_own_folders_alone_and_is_nobody() -> None:
    assert given("site", "USER")[0] in next(line for line in given("site", "RUN") if "useradd" in line)
    for service in OURS.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    for host in ("1", "2"):
        assert SERVICES[f"web-{host}"]["volumes"] == SERVICES[f"work-{host}"]["volumes"]
    named = {one.partition(":")[0] for service in SERVICES.values() for one in service["volumes"]}
    assert {name for name in named if name[0] not in "./"} == set(COMPOSE["volumes"])


def test_secrets_are_files_that_nobody_commits() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    for secret in COMPOSE["secrets"].values():
        assert any(fnmatch(f"/{secret['file']}", f"{pattern}*") for pattern in ignored)
    told = {key for service in SERVICES.values() for key in service.get("environment", {})}
    assert not [key for key in told if re.search("SECRET|PASSWORD|URL", key) and not key.endswith("_FILE")]


def test_the_proxy_is_the_example_with_another_name_and_two_hosts(tmp_path: Path) -> None:
    """As nginx itself reads it."""
    line = next(line for line in given("proxy", "RUN") if "sed" in line)
    site = tmp_path / "sites-enabled" / "site"
    site.parent.mkdir()
    site.write_text(adapted("nginx.conf.example", {}), encoding="utf-8")
    subprocess.run(["/bin/sh", "-c", f"NAME=my.site; {line.replace('/etc/nginx', str(tmp_path))}"], check=True)
    text = site.read_text(encoding="utf-8")
    assert "server_name my.site;" in text
    assert "example.org" not in text
    assert "127.0.0.1" not in text
    roots = re.findall(r"^ +root (.*);", text, re.M)
    assert roots == ["/var/www/html", f"{environment()['PAGE_FOLDER']}/vouched/$site_tens"]

    command = write_nginx(tmp_path, {})
    text = re.sub(r"listen [^;]*;|ssl_certificate[^;]*;", "", text).replace("/var/log/nginx", str(tmp_path))
    text = text.replace("web-1:", "127.0.0.1:").replace("web-2:", "127.0.0.2:")  # names of the engine
    (tmp_path / "site.conf").write_text(text.replace("server {", "server { listen 127.0.0.1:8443; "), encoding="utf-8")
    read = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr
