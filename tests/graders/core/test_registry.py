"""Installed lessons are found by their entry points, and their ids are known without an import."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from cluster.errors import WorldError
from graders.core import registry


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """Replace the installed entry points."""
    entries: list[EntryPoint] = []
    monkeypatch.setattr(registry, "entries", lambda: tuple(entries))
    for cached in (registry.lessons, registry.ids):
        cached.cache_clear()
    yield entries
    for cached in (registry.lessons, registry.ids):
        cached.cache_clear()


def test_one_name(installed: list[EntryPoint]) -> None:
    """A lesson that is registered under a name other than its id isn't loaded, because its answers are found by that name."""
    installed.append(EntryPoint("platform", "graders.application_platform:LESSON", registry.GROUP))
    with pytest.raises(WorldError, match="The lesson application-platform is registered as platform"):
        registry.lessons()


def test_broken_lesson(installed: list[EntryPoint]) -> None:
    """A lesson that can't be loaded still counts as a lesson, so its assignment is never executed."""
    installed.append(EntryPoint("tides", "tides_that_is_nowhere:LESSON", registry.GROUP))
    assert registry.is_lesson("tides")
    with pytest.raises(WorldError, match="The lesson tides can't be loaded"):
        registry.lessons()
