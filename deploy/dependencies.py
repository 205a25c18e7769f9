"""What this site is made of, from the lock file and what is installed: for `make audit` and `make licences`."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "webapp" / "static" / "vendor"
VENDOR_LICENCES = {"htmx": "0BSD"}

# Packages name their licences in several ways; these are the names of the SPDX list where the meaning is sure.
SPDX = {"MIT License": "MIT", "The Unlicense (Unlicense)": "Unlicense", "BSD License": "BSD"}


class Part(NamedTuple):
    """One thing that others wrote and this site runs or sends."""

    name: str
    version: str
    licence: str
    sha256: tuple[str, ...]
    is_python: bool = True


def locked(text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name, version and hashes of every package in the text of a lock file."""
    found = {}
    for entry in re.finditer(r"^([\w.-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})*)", text, re.MULTILINE):
        found[entry[1]] = entry[2], tuple(re.findall(r"[0-9a-f]{64}", entry[3]))
    return found


def licence(name: str) -> str:
    """What an installed package says of its licence; several are divided by slashes."""
    found = importlib.metadata.metadata(name)
    if expression := found.get("License-Expression"):
        return expression
    classified = [line.rpartition(" :: ")[2] for line in found.get_all("Classifier", []) if line.startswith("License")]
    return " / ".join(SPDX.get(one, one) for one in classified) or found.get("License", "") or "not stated"


def parts() -> Iterator[Part]:
    """Every package of requirements.txt, and the files of others that are kept in the project."""
    for name, (version, sha256) in locked((ROOT / "requirements.txt").read_text()).items():
        yield Part(name, version, licence(name), sha256)
    for listed in sorted(VENDOR.glob("*.sha256")):
        digest, file = listed.read_text().split()
        name, version = re.fullmatch(r"([a-z-]+)-([\d.]+?)(?:\.min)?\.js", file).groups()  # type: ignore[union-attr]
        yield Part(name, version, VENDOR_LICENCES[name], (digest,), is_python=False)


def _component(part: Part) -> Component:
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        purl=PackageURL("pypi" if part.is_python else "generic", None, part.name, part.version),
        bom_ref=f"{part.name}=={part.version}",
        licenses=[LicenseFactory().make_from_string(part.licence)],
        # Where a release has several files, a hash would be true of one machine only: requirements.txt has them all.
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=part.sha256[0])] if len(part.sha256) == 1 else [],
    )


def bill_of_materials() -> str:
    """All parts as CycloneDX JSON."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    site = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION, bom_ref=project["name"]
    )
    bom = Bom(components=[_component(part) for part in parts()])
    bom.metadata.component = site
    bom.register_dependency(site, bom.components)
    return str(JsonV1Dot6(bom).output_as_string(indent=2))


def licence_table() -> str:
    """Markdown: each licence, and which parts are under it."""
    under: dict[str, list[str]] = defaultdict(list)
    for part in parts():
        under[part.licence].append(part.name)
    rows = [f"| {name} | {', '.join(sorted(under[name]))} |" for name in sorted(under, key=str.lower)]
    return "\n".join(["| licence | under it |", "|---|---|", *rows])


if __name__ == "__main__":
    print(licence_table())
