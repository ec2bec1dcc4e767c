"""The rules of direction: which room may import what. A new import that breaks one fails here."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"

MIDDLE_ROOMS = {"library", "persistence", "rendering", "signing", "mail"}

# What each room may import of our own, and of others; the standard library is open to all.
OWN: dict[str, set[str]] = {
    "domain": {"domain"},
    **{room: {room, "domain"} for room in MIDDLE_ROOMS},
    "services": {"services", "domain", "toolkit", "rendering", "signing"},
    "jobs": {"jobs", "services", "domain", "toolkit"},
    "web": {"web", "services", "domain", "toolkit"},
}
OTHERS: dict[str, set[str]] = {
    "domain": set(),
    "library": {"pydantic", "tomli"},
    "persistence": {"sqlalchemy", "alembic", "obstore"},
    "rendering": {
        "jinja2",
        "weasyprint",
        "pydyf",
        "pikepdf",
        "docx",
        "docxtpl",
        "pypdfium2",
        "fontTools",
        "PIL",
        "markupsafe",
        "lxml",
    },
    "signing": {"pyhanko", "pyhanko_certvalidator", "cryptography", "asn1crypto", "PIL", "fontTools"},
    "mail": set(),
    "services": set(),
    "jobs": set(),
    "web": {
        "flask",
        "flask_babel",
        "flask_limiter",
        "flask_security",
        "flask_wtf",
        "flask_bootstrap",
        "flask_login",
        "flask_principal",
        "markupsafe",
        "werkzeug",
        "wtforms",
    },
}
# Libraries that one room alone may name; the start (app/__init__, cli, demo, bench) joins rooms.
# The bench names some of them, as baselines and to open pages; nothing imports the bench.
AT_HOME = {
    "sqlalchemy": {"persistence"},
    "weasyprint": {"rendering", "bench"},
    "pyhanko": {"signing", "bench"},
    "flask": {"web", "cli", "__init__", "bench"},
}
TOPS = {
    *("__init__", "cli", "config", "installation", "toolkit", "clock", "demo", "bench", "memory", "server"),
    *("cli_errors", "cli_keys", "cli_library", "maintenance"),
}


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(node.module or "")
            if node.module == "app":
                names |= {f"app.{alias.name}" for alias in node.names}
    return names


def room_of(path: Path) -> str:
    relative = path.relative_to(APP)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


FILES = sorted(path for path in APP.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_room_may(path):
    room = room_of(path)
    for name in imports_of(path):
        top, *rest = name.split(".")
        if room in AT_HOME.get(top, {room}):
            pass
        elif top in AT_HOME:
            pytest.fail(f"{top} is at home in {AT_HOME[top]} alone")
        if room not in OWN:
            continue
        if top == "app":
            assert rest, f"{name}: name the room"
            assert rest[0] in OWN[room], f"{room} may not import {name}"
        else:
            assert top in sys.stdlib_module_names or top in OTHERS[room], f"{room} may not import {name}"


def test_every_file_has_its_place():
    places = set(OWN) | TOPS
    assert {room_of(path) for path in FILES} <= places


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "a module docstring is missing"


@pytest.mark.parametrize("room", sorted(OWN))
def test_every_room_has_its_door_sign(room):
    sign = ast.get_docstring(ast.parse((APP / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert "Purpose:" in sign
    assert "Imports:" in sign
    assert "Entry:" in sign


def test_no_room_for_leftovers():
    forbidden = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [path for path in FILES if set(path.with_suffix("").parts) & forbidden]


def test_nobody_evaluates_text_or_starts_a_shell():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec"}, path
            if isinstance(node, ast.keyword) and node.arg == "shell":
                pytest.fail(f"{path} starts a shell")
            if isinstance(node, ast.Import):
                assert not {alias.name for alias in node.names} & {"pickle", "yaml", "marshal"}, path
