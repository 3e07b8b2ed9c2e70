"""conda's environment agrees with the lock, and the lock with the project. conda itself isn't needed."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"rfc3987-syntax"}
"""What the lock leaves out on purpose; pyproject.toml says why."""
CONDA_NAMES = {"python-kubernetes": "kubernetes", "python-graphviz": "graphviz"}


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return dict(line.split(" ")[0].split("==") for line in lines if re.match(r"^[a-z0-9]", line))


def environment() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text())
    return loaded


def test_versions_agree() -> None:
    """All versions in environment.yml are the lock's."""
    named = [
        d for d in environment()["dependencies"] if isinstance(d, str) and "=" in d and not d.startswith("python=")
    ]
    assert len(named) >= 6
    for dependency in named:
        name, version = dependency.split("=")
        assert locked()[CONDA_NAMES.get(name, name)] == version


def test_python_is_supported() -> None:
    """The project supports the Python version of environment.yml."""
    (python,) = (
        d.split("=")[1] for d in environment()["dependencies"] if isinstance(d, str) and d.startswith("python=")
    )
    assert (3, 11) <= tuple(map(int, python.split("."))) <= (3, 14)


def test_the_rest_comes_from_the_lock() -> None:
    """pip installs all other packages from the lock, so that no version differs."""
    (pip,) = (d["pip"] for d in environment()["dependencies"] if isinstance(d, dict))
    assert pip == ["-r requirements.lock"]


def test_short() -> None:
    """environment.yml has at most 15 lines and uses only conda-forge."""
    assert len((ROOT / "environment.yml").read_text().splitlines()) <= 15
    assert environment()["channels"] == ["conda-forge"]


def test_lock_has_hashes_and_no_addresses() -> None:
    """Every locked package has a hash, and the lock names no registry."""
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    packages = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in package for package in packages)


def test_lock_covers_the_project() -> None:
    """The lock has all dependencies of pyproject.toml, and the build backend."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
        *project["project"]["optional-dependencies"]["shop"],
        *project["build-system"]["requires"],
    ]
    names = {re.split(r"[<>=\[; ]", a)[0].lower().replace("_", "-") for a in asked}
    assert names <= set(locked())


def test_lock_is_complete() -> None:
    """All requirements of a locked package, on this system and Python, are locked too, so that pip resolves nothing."""
    needed: dict[str, set[str]] = {}
    pending = {(name, "") for name in locked() if distribution(name)}
    done: set[tuple[str, str]] = set()
    while pending:
        name, extra = pending.pop()
        done.add((name, extra))
        found = distribution(name)
        for requirement in map(Requirement, (found.requires if found else None) or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                child = canonicalize_name(requirement.name)
                needed.setdefault(child, set()).add(name)
                if child not in LEFT_OUT:
                    pending |= {(child, each) for each in ("", *requirement.extras)} - done
    missing = {name: by for name, by in needed.items() if name not in locked() and name not in LEFT_OUT}
    assert missing == {}
    assert needed["rfc3987-syntax"] == {"jsonschema"}


def distribution(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def test_start_compiles_no_grammar() -> None:
    """The lock leaves out a package that compiles a grammar in each command with nbformat (1.4 s of CPU); conda has it."""
    assert not LEFT_OUT & set(locked())
    assert set(environment()["dependencies"][:-1]) > LEFT_OUT
