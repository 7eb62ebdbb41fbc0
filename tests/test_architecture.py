"""The house stands as it was drawn: layers, size of modules, docstrings, dependencies."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "server" / "entente"
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = [path.relative_to(PACKAGE).as_posix() for path in MODULES]

# A layer may import itself and those named here: never to the right; build and store never meet.
MAY_IMPORT = {
    "core": (),
    "logic": ("core",),
    "build": ("core", "logic"),
    "store": ("core", "logic"),
    "query": ("core", "logic", "store"),
    "web": ("core", "logic", "query"),
    "cli": ("core", "logic", "build", "store", "query", "web"),
}
# Where a library may be imported; anything else from outside the standard library is nowhere.
LIBRARIES = {
    "pyoxigraph": ("logic", "build", "store", "cli"),
    "rdflib": ("logic",),
    "owlrl": ("logic",),
    "pyld": ("logic",),
    "pyshacl": ("logic",),
    "rapidfuzz": ("logic",),
    "flask": ("web",),
    "werkzeug": ("web",),
    "jinja2": ("web",),
    "markupsafe": ("web",),
    "waitress": ("web",),
    "click": ("cli",),
    "rich": ("cli",),
}


def imports_of(path: Path) -> set[str]:
    """Names of all modules that a module imports, also those in functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute"
            if node.module is not None:
                found.add(node.module)
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def layer_of(name: str) -> str:
    return name.split("/")[0] if "/" in name else ""


@pytest.mark.parametrize("name", NAMES)
def test_a_module_imports_only_to_the_left(name: str) -> None:
    layer = layer_of(name)
    if not layer:
        return
    wanted = {
        imported.split(".")[1]
        for imported in imports_of(PACKAGE / name)
        if imported.startswith("entente.") and imported.split(".")[1] in MAY_IMPORT
    }
    assert wanted - {layer, *MAY_IMPORT[layer]} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_library_is_imported_only_where_it_belongs(name: str) -> None:
    outside = {
        imported.split(".")[0]
        for imported in imports_of(PACKAGE / name)
        if imported.split(".")[0] not in {*sys.stdlib_module_names, "entente"}
    }
    misplaced = {library for library in outside if layer_of(name) not in LIBRARIES.get(library, ())}
    assert misplaced == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_module_has_at_most_300_lines(name: str) -> None:
    assert len((PACKAGE / name).read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("name", NAMES)
def test_a_module_says_what_it_owns(name: str) -> None:
    docstring = ast.get_docstring(ast.parse((PACKAGE / name).read_text("utf-8")))
    assert docstring
    assert len(docstring.splitlines()) <= 20


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_one_noun(name: str) -> None:
    stem = Path(name).stem
    assert stem not in {"utils", "util", "helpers", "common", "misc", "manager", "tools"}


def test_every_layer_of_the_drawing_exists() -> None:
    assert set(MAY_IMPORT) == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [re.split(r"[<>=~! ]", text)[0] for text in project["dependencies"]]


@pytest.mark.parametrize("name", dependencies())
def test_the_readme_gives_a_reason_for_each_dependency(name: str) -> None:
    rows = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if "|" in line]
    assert [row for row in rows if name.lower() in row.lower()] != []


@pytest.mark.parametrize("name", dependencies())
def test_each_dependency_is_used(name: str) -> None:
    used = {imported.split(".")[0] for path in MODULES for imported in imports_of(path)}
    assert name in used


def swallows_everything(node: ast.AST) -> bool:
    """Tell whether a handler takes any exception and does not hand it on."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    last = node.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    named = {name.id for name in ast.walk(node.type or node) if isinstance(name, ast.Name)}
    return node.type is None or bool(named & {"Exception", "BaseException"})


def test_any_exception_is_swallowed_in_job_loops_and_the_last_handler_only() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if swallows_everything(node)
    }
    assert found <= {"query/worker.py", "query/writer.py", "web/failures.py"}


def test_no_group_that_can_fail_midway_repeats_possessively() -> None:
    """Python before 3.11.5 goes on at the wrong place then; Debian's is 3.11.2."""
    possessive = re.compile(r"(?<!\|\\\\\.)(?<!\()\)(?:[*+?]|\{[\d,]+\})\+|\(\?>")
    found = {
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in MODULES
        for line in path.read_text("utf-8").splitlines()
        if possessive.search(line)
    }
    assert found == set()
