"""The house rules of design.md, read from the code itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

WEBAPP = Path(__file__).parents[2] / "webapp"
MODULES = sorted(path for path in WEBAPP.rglob("*.py"))
SOURCES = {str(path.relative_to(WEBAPP)): path.read_text(encoding="utf-8") for path in MODULES}


def imports(name: str) -> set[str]:
    """What a module imports, dotted, with the names taken from it."""
    found = set()
    for node in ast.walk(ast.parse(SOURCES[name])):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def named(*endings: str) -> list[str]:
    return [name for name in SOURCES if name.endswith(endings)]


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("editorial/")])
def test_editorial_knows_no_flask_and_no_database(name: str) -> None:
    assert not {module for module in imports(name) if module.split(".")[0] in {"flask", "sqlalchemy"}}
    assert not {m for m in imports(name) if m.startswith("webapp.") and not m.startswith("webapp.editorial")}


@pytest.mark.parametrize("name", named("queries.py", "actions.py"))
def test_queries_and_actions_know_nothing_of_the_request(name: str) -> None:
    assert not {m for m in imports(name) if m == "flask" or m.startswith(("flask.", "webapp.htmx", "webapp.urls"))}


@pytest.mark.parametrize("name", list(SOURCES))
def test_only_actions_commit(name: str) -> None:
    assert ".commit(" not in SOURCES[name] or name.endswith("actions.py")


@pytest.mark.parametrize("name", named("routes.py"))
def test_routes_hold_no_sql(name: str) -> None:
    assert not {module for module in imports(name) if module.startswith("sqlalchemy")}


@pytest.mark.parametrize("name", list(SOURCES))
def test_only_one_module_knows_htmx_headers(name: str) -> None:
    assert '"HX-' not in SOURCES[name] or name == "htmx.py"


@pytest.mark.parametrize("name", list(SOURCES))
def test_only_config_reads_the_environment(name: str) -> None:
    reads = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "dotenv"}
    names = {ast.unparse(node) for node in ast.walk(ast.parse(SOURCES[name])) if isinstance(node, ast.Attribute)}
    assert not reads & (imports(name) | names) or name == "config.py"


@pytest.mark.parametrize("name", list(SOURCES))
def test_models_do_not_know_the_features(name: str) -> None:
    if name.startswith("models/"):
        ours = {module for module in imports(name) if module.startswith("webapp.")}
        assert not {
            m
            for m in ours
            if not m.startswith(("webapp.models", "webapp.editorial", "webapp.extensions", "webapp.clock"))
        }


def test_files_are_named_for_what_they_hold() -> None:
    vague = {"utils", "helpers", "services", "common", "core", "manager", "misc"}
    assert not [name for name in SOURCES if set(Path(name).with_suffix("").parts) & vague]


def test_init_files_stay_empty() -> None:
    allowed = {"__init__.py", "models/__init__.py"}
    assert not [name for name in named("__init__.py") if SOURCES[name].strip() and name not in allowed]


@pytest.mark.parametrize("name", list(SOURCES))
def test_no_file_outgrows_the_house(name: str) -> None:
    assert len(SOURCES[name].splitlines()) <= 300


def test_relationships_are_never_loaded_by_accident() -> None:
    for name, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "relationship":
                lazy = [ast.literal_eval(word.value) for word in node.keywords if word.arg == "lazy"]
                assert lazy == ["raise"], f"{name}:{node.lineno}"
