"""What the services may do on the machine they run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.proxies import ROOT

UNITS = sorted((ROOT / "deploy").glob("*.service"))
CONFINED = """
UMask=0077
NoNewPrivileges=true
CapabilityBoundingSet=
ProtectSystem=strict
ReadWritePaths=/srv/site/instance
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
ProtectClock=true
ProtectControlGroups=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
SystemCallArchitectures=native
"""


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_service_writes_its_own_folder_alone_and_for_itself_alone(unit: Path) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()
    assert [line for line in CONFINED.split("\n") if line and line not in lines] == []


def test_there_are_two_services() -> None:
    assert [path.stem for path in UNITS] == ["spinal-cord-research-help-work", "spinal-cord-research-help"]
