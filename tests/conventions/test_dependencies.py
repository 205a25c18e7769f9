"""What we depend on is declared, pinned, held by its hashes, and named with its licence."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.dependencies import bill_of_materials, licence_table, locked, parts

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ("requirements.txt", "requirements-dev.txt")
OURS = {"webapp", "tests", "deploy", "benchmarks", "wsgi"}

NOT_IMPORTED = {
    "gunicorn": "serves the site; deploy/gunicorn.conf.py",
    "pytest-cov": "pytest --cov",
    "pytest-xdist": "pytest -n 2",
    "pytest-playwright": "its fixtures open the browser",
    "cssselect": "lxml.cssselect asks it",
    "ruff": "make check",
    "mypy": "make check",
    "djlint": "make check",
    "types-html5lib": "mypy reads it",
    "types-cachetools": "mypy reads it",
    "types-pyyaml": "mypy reads it",
    "pip-tools": "make lock",
    "pip-audit": "make audit",
}
"""Declared, and used without an import: why."""

SYSTEMS = [
    {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def names(declared: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in declared}


RUNTIME = names(PROJECT["dependencies"])
DEV = names(PROJECT["optional-dependencies"]["dev"])


def imported(*places: str) -> set[str]:
    """The packages of others that files in these places import."""
    files = [path for place in places for path in ([ROOT / place] if "." in place else (ROOT / place).rglob("*.py"))]
    modules: set[str] = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(one.name for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module)
    owners = {
        **importlib.metadata.packages_distributions(),
        "cyclonedx": ["cyclonedx-python-lib"],
    }
    tops = {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names) - OURS - {"_typeshed"}
    return {canonicalize_name(owners.get(top, [top])[0]) for top in tops}


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_file_is_exact_and_has_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text()
    lines = [line for line in text.splitlines() if line and line[0] not in " #"]
    packages = locked(text)
    assert len(packages) == len(lines) > 50, "a line is no `name==version`"
    assert not [package for package, (_, hashes) in packages.items() if not hashes]
    assert sum(len(hashes) for _, hashes in packages.values()) == text.count("--hash=")


def test_hashes_cover_other_machines_than_this() -> None:
    packages = locked((ROOT / "requirements.txt").read_text())
    for compiled in ("brotli", "markupsafe", "pydantic-core", "rapidfuzz", "sqlalchemy"):
        assert len(packages[compiled][1]) > 20, f"{compiled}: only the files of this machine are let in"


def test_tests_run_on_what_the_site_runs_on() -> None:
    site, tests = (locked((ROOT / name).read_text()) for name in LOCKS)
    assert {name: tests.get(name) for name in site} == site


def test_every_dependency_is_pinned() -> None:
    for name, needed in zip(LOCKS, (RUNTIME, RUNTIME | DEV), strict=True):
        assert not needed - {canonicalize_name(one) for one in locked((ROOT / name).read_text())}, "run `make lock`"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_has_what_every_python_and_machine_needs(name: str) -> None:
    """Installed is the lock file and nothing beside it: a package that only one of them asks for would be missing."""
    pinned = {canonicalize_name(one) for one in locked((ROOT / name).read_text())}
    needs = {package: [Requirement(line) for line in importlib.metadata.requires(package) or []] for package in pinned}
    lacking = set()
    for system, python in product(SYSTEMS, PYTHONS):
        here = {**system, "python_version": python, "python_full_version": f"{python}.0"}
        todo, done = {(package, "") for package in pinned}, set()
        while todo:
            package, extra = todo.pop()
            done.add((package, extra))
            for need in needs[package]:
                if need.marker and not need.marker.evaluate({**here, "extra": extra}):
                    continue
                if (needed := canonicalize_name(need.name)) in pinned:
                    todo |= {(needed, one) for one in need.extras} - done
                else:
                    lacking.add(f"{package} on Python {python}, {system['sys_platform']}: {need}")
    assert not lacking


def test_nothing_is_installed_beside_the_lock_files() -> None:
    text = (ROOT / "scripts" / "environment.py").read_text()
    assert text.count('"install"') == 1
    # Without --no-deps, pip 23 takes `coverage[toml]` for a package that has no hashes.
    assert '"--require-hashes"' in text
    assert '"--no-deps"' in text
    assert "pip install" not in (ROOT / "Makefile").read_text()


def test_what_the_site_imports_is_declared() -> None:
    undeclared = imported("webapp", "wsgi.py", "migrations") - RUNTIME
    assert not undeclared


def test_what_tests_and_tools_import_is_declared() -> None:
    undeclared = imported("tests", "benchmarks", "deploy") - RUNTIME - DEV
    assert not undeclared


def test_what_is_declared_is_used() -> None:
    unused = (RUNTIME - imported("webapp", "wsgi.py", "migrations")) | (DEV - imported("tests", "benchmarks", "deploy"))
    assert unused <= set(NOT_IMPORTED), "import it, remove it from pyproject.toml, or say why it is there"
    assert set(NOT_IMPORTED) <= RUNTIME | DEV


def test_the_changelog_begins_with_this_version() -> None:
    newest = re.search(r"^## (\S+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["version"]


def test_the_readme_names_every_licence() -> None:
    assert licence_table() in (ROOT / "README.md").read_text(), "put what `make licences` prints into README.md"


def test_the_bill_of_materials_names_every_part() -> None:
    bill = json.loads(bill_of_materials())
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["version"] == PROJECT["version"]
    listed = {(one["name"], one["version"]) for one in bill["components"]}
    lock = locked((ROOT / "requirements.txt").read_text())
    assert listed >= {(name, version) for name, (version, _) in lock.items()}
    vendored = [one for one in bill["components"] if one["name"] == "htmx"]
    assert len(vendored) == 1
    assert vendored[0]["licenses"] == [{"license": {"id": "0BSD"}}]
    assert len(vendored[0]["hashes"][0]["content"]) == 64
    assert all(one["licenses"] for one in bill["components"])
    assert len(list(parts())) == len(bill["components"])
