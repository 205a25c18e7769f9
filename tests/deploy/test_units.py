"""What the services may do on the machine they run on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.proxies import ROOT, installed

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
WORST = 2.0
"""Of systemd's own measure of how exposed a service is; 10 is the worst there is."""
NEEDED = """
User=site
UMask=0077
ProtectSystem=strict
ReadWritePaths=/srv/site/instance
CacheDirectory=spinal-cord-research-help
CacheDirectoryMode=0755
ProtectHome=true
PrivateTmp=true
CapabilityBoundingSet=
SystemCallFilter=~@privileged @resources
"""


def analyze(*words: str) -> str:
    command = [installed("systemd-analyze", "systemd"), *words]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return told.stdout + told.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_service_writes_its_own_folders_alone_and_for_itself_alone(unit: Path) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()
    assert [line for line in NEEDED.split("\n") if line and line not in lines] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_service_can_do_little_else_on_its_machine(unit: Path) -> None:
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", analyze("security", "--offline=true", str(unit)))
    assert level is not None
    assert float(level[1]) < WORST


@pytest.mark.parametrize("unit", [*UNITS, *DEPLOY.glob("*.timer")], ids=lambda path: path.name)
def test_systemd_understands_every_line(unit: Path, tmp_path: Path) -> None:
    """On this machine, whose own units may be worth a word too."""
    for path in (*UNITS, *DEPLOY.glob("*.timer")):
        text = path.read_text(encoding="utf-8").replace("/srv/site/.venv/bin/", "/usr/bin/env ")
        (tmp_path / path.name).write_text(text.replace("/srv/site", str(ROOT)), encoding="utf-8")
    said = analyze("verify", "--man=no", str(tmp_path / unit.name))
    assert [line for line in said.splitlines() if unit.name in line] == []


def test_what_is_looked_up_and_a_database_elsewhere_can_be_reached() -> None:
    """Papers are looked up by the site itself, at /ask and at the desk; a PostgreSQL on this machine is waited for."""
    for name in ("spinal-cord-research-help", "spinal-cord-research-help-work"):
        text = (DEPLOY / f"{name}.service").read_text(encoding="utf-8")
        assert "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n" in text
        assert "IPAddressDeny" not in text
        assert re.search(r"^After=.*\bpostgresql\.service", text, re.M)


def test_there_are_three_services_and_each_folder_they_name_is_theirs() -> None:
    site = "spinal-cord-research-help"
    assert [path.stem for path in UNITS] == [f"{site}-backup", f"{site}-work", site]
    assert f"StateDirectory={site}-backups" in (DEPLOY / f"{site}-backup.service").read_text()
    assert f"--into /var/lib/{site}-backups" in (DEPLOY / f"{site}-backup.service").read_text()
    assert f"PAGE_FOLDER=/var/cache/{site}" in (DEPLOY / "README.md").read_text()
    assert f"root /var/cache/{site}/current;" in (DEPLOY / "nginx.conf.example").read_text()
