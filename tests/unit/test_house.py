"""The house's own rules: what the locks hold, what the architecture names, and that no code names a tier."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "screens", "tui")
LOCKS = ("requirements.lock", "requirements-dev.lock")

PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9a-z.]+)( ; [a-z_]+ [!=]= '\w+')? \\")
HASHED = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
TIER_LITERAL = re.compile(r"""(["'])(vip|distinguished|business|routine)\1""")


def versions(lock: str) -> dict[str, str]:
    """The version of each package that the lock file pins."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    return {m["name"]: m["version"] for line in lines if (m := PINNED.fullmatch(line))}


def requirements(*extras: str) -> list[Requirement]:
    """What pyproject.toml asks for: to build, to run, and for these extras."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = data["project"]
    asked = [*data["build-system"]["requires"], *project["dependencies"]]
    for extra in extras:
        asked += project["optional-dependencies"][extra]
    return [Requirement(text) for text in asked]


def sources(*folders: str) -> list[Path]:
    """Every Python file of these folders, relative to the checkout."""
    return [path.relative_to(ROOT) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: str) -> None:
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    assert [line for line in lines if not (PINNED.fullmatch(line) or HASHED.fullmatch(line))] == []
    followers = [after for line, after in zip(lines, [*lines[1:], ""], strict=True) if PINNED.fullmatch(line)]
    assert all(HASHED.fullmatch(line) for line in followers)


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_a_lock_is_in_step_with_the_project(lock: str, extras: list[str]) -> None:
    pinned = versions(lock)
    wanted = requirements(*extras)
    assert [str(r) for r in wanted if not r.specifier.contains(pinned.get(r.name, "0"))] == []


def test_the_checks_run_on_what_the_program_runs_on() -> None:
    assert versions("requirements.lock").items() <= versions("requirements-dev.lock").items()


def test_what_the_architecture_names_is_there() -> None:
    """Every path of `docs/architecture.md`, and every module of services that its drawing lists."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = [each for each in re.findall(r"`([\w/]+(?:\.py|/))`", text) if each != "NNNN_name.py"] + re.findall(
        r"`((?:models|screens|tui|tests)/[\w/]+)`", text
    )
    assert len(named) > 15
    roots = [ROOT, ROOT / "models"]
    assert [path for path in named if not any((root / path).exists() for root in roots)] == []
    drawn = text.split("Inside `models/services`")[1].split("```")[1]
    modules = {path.stem for path in (ROOT / "models" / "services").glob("[a-z]*.py")}
    assert {each for each in modules if each not in drawn and not each.endswith("_verbs")} == set()


def test_no_code_names_a_tier_but_the_demo() -> None:
    paths = [path for path in sources(*PACKAGES) if "demo" not in str(path)]
    assert len(paths) > len(PACKAGES)
    assert [str(path) for path in paths if TIER_LITERAL.search((ROOT / path).read_text("utf-8"))] == []


def test_whatever_models_define_the_program_uses() -> None:
    """A function that only tests call is no part of the program."""
    trees = {path: ast.parse((ROOT / path).read_text("utf-8")) for path in sources(*PACKAGES)}
    imported = {
        (each.module, name.name)
        for tree in trees.values()
        for each in ast.walk(tree)
        if isinstance(each, ast.ImportFrom)
        for name in each.names
    }
    reached = {each.attr for tree in trees.values() for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    unused = []
    for path, tree in trees.items():
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        here = reached | {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
        defined = [each.name for each in tree.body if isinstance(each, (ast.FunctionDef, ast.ClassDef))]
        if path.parts[0] == "models" and "migrations" not in path.parts:
            unused += [(module, name) for name in defined if name not in here and (module, name) not in imported]
    assert unused == []
