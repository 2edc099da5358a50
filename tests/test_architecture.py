"""Who may import whom, as architecture.md §3 says, held to the code; and what every file must say of itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("prompts", "rag", "ingest", "desk", "eval", "ui", "backends")
LEAF = {"rag.types", "rag.people", "rag.ports", "rag.errors", "rag.config"}
# prompts ← rag ← ingest, desk ← eval ← ui ← app.py; ingest and desk do not know each other.
MAY_IMPORT: dict[str, set[str]] = {
    "prompts": set(),
    "rag": {"prompts"},
    "ingest": {"rag", "prompts"},
    "desk": {"rag", "prompts"},
    "eval": {"rag", "prompts", "ingest", "desk"},
    "ui": {"rag", "prompts", "ingest", "desk", "eval"},
    "app": {"rag", "prompts", "ingest", "desk", "eval", "ui", "backends"},
    "backends": set(),
}
THIRD_PARTY: dict[str, tuple[str, ...]] = {
    "openai": ("backends/",),
    "chromadb": ("backends/", "eval/bench/"),  # eval/bench: the pipelines we are measured against
    "tiktoken": ("backends/",),
    "tenacity": ("backends/",),
    "llama_index": ("ingest/", "backends/", "eval/bench/"),
    "gradio": ("ui/", "app.py"),
    "opentelemetry": ("backends/",),
}


@cache
def files() -> dict[str, Path]:
    """Module name → file, for all of the project's own code."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    found += [path for path in [ROOT / "app.py"] if path.exists()]
    return {_module(path): path for path in found}


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(module: str) -> Iterator[str]:
    """Everything a module imports, anywhere in it; `from a import b` gives a.b where that is a module of ours."""
    for node in ast.walk(ast.parse(files()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively: write the whole name"
            inner = [f"{node.module}.{name.name}" for name in node.names]
            yield from (each if each in files() else str(node.module) for each in inner)


def _place(module: str) -> str:
    return files()[module].relative_to(ROOT).as_posix()


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_go_one_way(package: str) -> None:
    wrong = []
    for module in files():
        if module.split(".")[0] != package:
            continue
        # Command lines put parts together, as app.py does; nobody imports them.
        composed = {"backends", "ingest", "desk"} if module.endswith("__main__") else set()
        for name in set(_imports(module)):
            other = name.split(".")[0]
            ours = other in MAY_IMPORT and other != package
            if ours and name not in LEAF and other not in MAY_IMPORT[package] | composed:
                wrong.append(f"{_place(module)} imports {name}")
    assert not wrong


@pytest.mark.parametrize("library", sorted(THIRD_PARTY))
def test_a_library_is_known_only_where_it_belongs(library: str) -> None:
    users = [_place(module) for module in files() for name in _imports(module) if name.split(".")[0] == library]
    assert [place for place in users if not place.startswith(THIRD_PARTY[library])] == []


def test_nobody_imports_a_command_line() -> None:
    assert [module for module in files() if any(name.endswith("__main__") for name in _imports(module))] == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {module: {name for name in _imports(module) if name in files()} for module in files()}
    seen: set[str] = set()

    def visit(module: str, path: list[str]) -> None:
        assert module not in path, " → ".join([*path[path.index(module) :], module])
        if module not in seen:
            for name in sorted(graph[module]):
                visit(name, [*path, module])
            seen.add(module)

    for module in sorted(graph):
        visit(module, [])


def test_every_module_says_what_it_is() -> None:
    silent = []
    for module, path in files().items():
        text = path.read_text(encoding="utf-8")
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            silent.append(_place(module))
    assert not silent


def test_every_public_function_and_class_has_a_docstring_or_a_name_that_needs_none() -> None:
    """Modules' own functions and classes; methods of a documented class may speak for themselves."""
    silent = []
    for module, path in files().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            if named and not node.name.startswith("_") and not ast.get_docstring(node):  # type: ignore[union-attr]
                silent.append(f"{_place(module)}: {node.name}")  # type: ignore[union-attr]
    allowed = ("rag/types.py", "rag/config.py", "backends/migrations/")  # their fields say it
    assert [each for each in silent if not each.startswith(allowed)] == []


def test_the_domain_stays_readable_in_one_sitting() -> None:
    assert len((ROOT / "rag" / "types.py").read_text(encoding="utf-8").splitlines()) < 330


def test_functions_stay_short() -> None:
    long = []
    for module, path in files().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                said = ast.get_docstring(node, clean=False)
                lines = (node.end_lineno or 0) - node.lineno + 1 - (said.count("\n") + 1 if said else 0)
                if lines > 35:
                    long.append(f"{_place(module)}: {node.name} has {lines} lines")
    assert [each for each in long if not each.startswith("backends/migrations/")] == []
