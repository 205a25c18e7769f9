"""Writes the list of all parts (sbom.json) and asks whether known faults are among them: `make audit`.

Ends with 0 when none is known, 1 when some are, 3 when nobody could be asked: that is no good news.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from deploy.dependencies import ROOT, bill_of_materials

SBOM = ROOT / "sbom.json"
NONE_KNOWN, SOME_KNOWN, NOT_ASKED = 0, 1, 3
AGAIN = "Run this again where the network allows."


def ask() -> str:
    """What pip-audit answers, as JSON; an empty text where it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "requirements.txt"), "--require-hashes"]
    command += ["--disable-pip", "--progress-spinner", "off", "--format", "json"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 (our own words)


def verdict(answer: str) -> tuple[list[str], int]:
    """What to say about an answer of pip-audit, and the exit status. A package that it skipped was not looked at."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    if not packages:
        return [f"Could not ask whether faults are known in any package. {AGAIN}"], NOT_ASKED
    known = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none yet'}."
        for one in packages
        for fault in one.get("vulns", [])
    ]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    unasked = [f"Could not ask about {len(skipped)} of {len(packages)} packages. {AGAIN}"] if skipped else []
    if not known and not unasked:
        return [f"No fault is known in {len(packages)} packages."], NONE_KNOWN
    return known + unasked, SOME_KNOWN if known else NOT_ASKED


def main() -> int:
    SBOM.write_text(bill_of_materials() + "\n")
    print(f"{SBOM.name} lists every part.")
    lines, status = verdict(ask())
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
