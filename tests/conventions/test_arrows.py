"""The house rules, read from the code itself: what may import what, and where a thing is done."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEBAPP = ROOT / "webapp"
MODULES = sorted(path for path in WEBAPP.rglob("*.py"))
SOURCES = {str(path.relative_to(WEBAPP)): path.read_text(encoding="utf-8") for path in MODULES}

# The rooms of the house, from the top floor down: a room imports from rooms below it, or beside it on its floor.
FLOORS = (
    "wsgi benchmarks deploy scripts migrations",
    "create_app cli",
    "desk tasks worker",
    "pages categories feeds data feedback ask",
    "library research indexnow upkeep watch",
    "documents corrections letters",
    "contact subscriptions search",
    "mail glossary page_cache",
    "edition rate_limits forms site_words",
    "models",
    "errors extensions formats",
    "editorial scholarly drawing database site clock urls request htmx config security assets logs addresses secret_key"
    " instance_folder spreadsheets voter sqlite_file postgresql postgresql_connections postgresql_faults",
)
FLOOR_OF = {room: -floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}


@cache
def imports(name: str) -> set[str]:
    """What a module of webapp imports, dotted, with the names taken from it."""
    return imported_by(SOURCES[name])


@cache
def attributes(name: str) -> set[str]:
    """What a module reads with a dot, such as dt.datetime.now."""
    return {ast.unparse(node) for node in ast.walk(ast.parse(SOURCES[name])) if isinstance(node, ast.Attribute)}


def imported_by(source: str) -> set[str]:
    """The same of a module's text. Imports inside functions, and those for types alone, count."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def arrows_of(sources: dict[str, str]) -> dict[str, set[str]]:
    """Which rooms each room imports from. `sources`: the text of each module, by its path from the root."""
    arrows: dict[str, set[str]] = {}
    for path, source in sources.items():
        found = {room_of(name) for name in imported_by(source)} - {None}
        arrows.setdefault(str(room_of(path.removesuffix(".py").replace("/", "."))), set()).update(map(str, found))
    return {room: others - {room} for room, others in arrows.items()}


def room_of(dotted: str) -> str | None:
    """The room a dotted name of ours belongs to: the package or module below webapp, or the folder beside it."""
    first, *rest = dotted.split(".")
    if first != "webapp":
        return first if first in FLOOR_OF else None
    if rest in ([], ["__init__"]) or rest == ["create_app"]:
        return None if not rest else "create_app"
    return rest[0]


def reachable(arrows: dict[str, set[str]], room: str) -> set[str]:
    """Every room that `room` needs, directly or through others."""
    found: set[str] = set()
    waiting = list(arrows.get(room, ()))
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting += arrows.get(other, ())
    return found


def committed_sources() -> dict[str, str]:
    places = [ROOT / "wsgi.py", *(ROOT / name for name in ("webapp", "benchmarks", "deploy", "scripts", "migrations"))]
    files = [path for place in places for path in ([place] if place.suffix else sorted(place.rglob("*.py")))]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}


def faults_in(arrows: dict[str, set[str]]) -> list[str]:
    """Arrows that run up, also round about, and circles."""
    found = [f"{room} is on no floor of the table" for room in arrows if room not in FLOOR_OF]
    for room in arrows.keys() & FLOOR_OF.keys():
        needed = reachable(arrows, room)
        found += [f"{room} needs {other}, which is above it" for other in needed if FLOOR_OF[other] > FLOOR_OF[room]]
        found += [f"{room} needs itself round about"] if room in needed else []
    return sorted(found)


def test_arrows_run_down_and_never_in_a_circle() -> None:
    arrows = arrows_of(committed_sources())
    assert arrows["tasks"] >= {"mail", "letters"}, "the imports were read"
    assert faults_in(arrows) == []


def test_an_arrow_that_runs_up_or_round_is_seen() -> None:
    up = {"webapp/models/vote.py": "def f():\n    from webapp.feedback import queries"}
    assert faults_in(arrows_of(up)) == ["models needs feedback, which is above it"]
    far = {"webapp/mail/a.py": "import webapp.forms", "webapp/forms.py": "from webapp.letters.queries import x"}
    assert "mail needs letters, which is above it" in faults_in(arrows_of(far))
    circle = {"webapp/urls.py": "from webapp import site", "webapp/site.py": "from webapp.urls import absolute_url"}
    assert faults_in(arrows_of(circle)) == ["site needs itself round about", "urls needs itself round about"]


def named(*endings: str) -> list[str]:
    return [name for name in SOURCES if name.endswith(endings)]


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("editorial/")])
def test_editorial_knows_no_flask_and_no_database(name: str) -> None:
    assert not {module for module in imports(name) if module.split(".")[0] in {"flask", "sqlalchemy"}}
    assert not {m for m in imports(name) if m.startswith("webapp.") and not m.startswith("webapp.editorial")}


@pytest.mark.parametrize("name", named("queries.py", "listing.py", "actions.py"))
def test_queries_and_actions_know_nothing_of_the_request(name: str) -> None:
    assert not {m for m in imports(name) if m == "flask" or m.startswith(("flask.", "webapp.htmx", "webapp.request"))}


def test_only_actions_commit() -> None:
    assert not [name for name in SOURCES if ".commit(" in SOURCES[name] and not name.endswith("actions.py")]


@pytest.mark.parametrize("name", named("routes.py"))
def test_routes_hold_no_sql(name: str) -> None:
    assert not {module for module in imports(name) if module.startswith("sqlalchemy")}


def test_only_one_module_knows_htmx_headers() -> None:
    assert [name for name in SOURCES if '"HX-' in SOURCES[name]] == ["htmx.py"]


def test_only_config_reads_the_environment() -> None:
    reads = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "dotenv"}
    assert [name for name in SOURCES if reads & (imports(name) | attributes(name))] == ["config.py"]


def test_only_one_module_reads_the_clock() -> None:
    reads = {"dt.datetime.now", "datetime.now", "dt.date.today", "date.today", "datetime.utcnow", "time.time"}
    reads |= {"dt.datetime.utcnow", "time.monotonic", "time.perf_counter", "time.sleep", "time.time_ns"}
    assert [name for name in SOURCES if reads & (imports(name) | attributes(name))] == ["clock.py"]


def test_only_one_module_asks_which_database_this_is() -> None:
    def asks(name: str) -> bool:
        return any(one.startswith("sqlalchemy.dialects") for one in imports(name)) or any(
            one.endswith((".dialect.name", "get_backend_name")) for one in attributes(name)
        )

    assert [name for name in SOURCES if asks(name)] == ["database.py"]  # it has sqlite_file.py and postgresql.py


def test_files_are_named_for_what_they_hold() -> None:
    vague = {"utils", "helpers", "services", "common", "core", "manager", "misc"}
    assert not [name for name in SOURCES if set(Path(name).with_suffix("").parts) & vague]


def test_init_files_stay_empty() -> None:
    allowed = {"__init__.py", "models/__init__.py"}
    assert not [name for name in named("__init__.py") if SOURCES[name].strip() and name not in allowed]


def test_no_file_outgrows_the_house() -> None:
    assert not [name for name in SOURCES if len(SOURCES[name].splitlines()) > 300]


def test_relationships_are_never_loaded_by_accident() -> None:
    for name, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "relationship":
                lazy = [ast.literal_eval(word.value) for word in node.keywords if word.arg == "lazy"]
                assert lazy == ["raise"], f"{name}:{node.lineno}"
