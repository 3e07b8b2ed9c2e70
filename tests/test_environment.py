"""conda's environment agrees with the lock, and the lock with the project. conda itself isn't needed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAMES = {"python-kubernetes": "kubernetes", "python-graphviz": "graphviz"}


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return dict(line.split(" ")[0].split("==") for line in lines if re.match(r"^[a-z0-9]", line))


def environment() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text())
    return loaded


def test_versions_agree() -> None:
    """Every version that environment.yml names is the lock's."""
    named = [
        d for d in environment()["dependencies"] if isinstance(d, str) and "=" in d and not d.startswith("python=")
    ]
    assert len(named) >= 6
    for dependency in named:
        name, version = dependency.split("=")
        assert locked()[CONDA_NAMES.get(name, name)] == version


def test_python_is_supported() -> None:
    """The Python that environment.yml asks for is one that the project is made for."""
    (python,) = (
        d.split("=")[1] for d in environment()["dependencies"] if isinstance(d, str) and d.startswith("python=")
    )
    assert (3, 11) <= tuple(map(int, python.split("."))) <= (3, 14)


def test_the_rest_comes_from_the_lock() -> None:
    """Whatever conda doesn't bring, pip installs from the lock, so that nothing comes in another version."""
    (pip,) = (d["pip"] for d in environment()["dependencies"] if isinstance(d, dict))
    assert pip == ["-r requirements.lock"]


def test_short() -> None:
    """environment.yml has at most 15 lines and draws on conda-forge alone."""
    assert len((ROOT / "environment.yml").read_text().splitlines()) <= 15
    assert environment()["channels"] == ["conda-forge"]


def test_lock_has_hashes_and_no_addresses() -> None:
    """Every locked package has a hash, and the lock names no registry."""
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    packages = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in package for package in packages)


def test_lock_covers_the_project() -> None:
    """Everything that pyproject.toml asks for, and the build backend, is in the lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
        *project["build-system"]["requires"],
    ]
    names = {re.split(r"[<>=\[; ]", a)[0].lower().replace("_", "-") for a in asked}
    assert names <= set(locked())
