"""A problem of pods as a card shows it, and the field of the manifest that causes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cluster.manifests.documents import Path
from graders.application_platform.contract import PORT
from graders.core.exercise import Verdict, failed
from graders.families.manifest.deployment import Manifest
from graders.reading.text import shown

POD: Path = ("spec", "template", "spec")
WORDS = 200
"""The number of characters that are quoted from a message of the cluster."""

_CUT = 63
"""The number of characters of a name in a message about an obstacle."""


@dataclass(frozen=True, slots=True)
class Blame:
    """An observation, the next step, the path of the field that causes it, and a first hint.

    ``expected`` and ``why`` replace the criterion's own if they aren't empty.
    """

    observed: str
    hint: str
    path: Path = ()
    nudge: str = "Which pod failed first, and at which step? The timeline shows it."
    expected: str = ""
    why: str = ""

    def verdict(self, answer: Manifest) -> Verdict:
        """Return the failed verdict with the field's line, and hints that begin with the nudge."""
        line = answer.deployment.line(*self.path) if self.path else 0
        field = field_named(self.path)
        pointer = f"Look at {field}{f' (line {line})' if line else ''}." if field else self.nudge
        return failed(
            self.observed, self.hint, line=line, expected=self.expected, why=self.why,
            hints=(self.nudge, pointer, self.hint),
        )  # fmt: skip


def command_replaced(answer: Manifest) -> Blame:
    """Return the problem of a command that replaces the image's program."""
    return Blame(
        f"command replaces the image's program, and no program answers at port {PORT}",
        "Delete command, so that the image starts its own program.", (*answer.path, "command"),
        "Which program does the container run in place of the shop?",
    )  # fmt: skip


def container_path(answer: Manifest, name: str) -> Path:
    """Return the path of the container with that name, or the application's."""
    return next((path for path, one in all_containers(answer) if str(one.get("name"))[:_CUT] == name), answer.path)


def all_containers(answer: Manifest) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the containers and the init containers of the pod, with their paths."""
    for group in ("containers", "initContainers"):
        for index, container in enumerate(items(answer, (*POD, group))):
            if isinstance(container, dict):
                yield (*POD, group, index), container


def item_path(answer: Manifest, path: Path, names: set[str]) -> Path:
    """Return the path of a list's item that has one of the names, or the list's own path."""
    for index, item in enumerate(items(answer, path)):
        if isinstance(item, dict) and names & {str(value)[:_CUT] for value in item.values() if isinstance(value, str)}:
            return (*path, index)
    return path


def items(answer: Manifest, path: Path) -> list[Any]:
    """Return the list at a path, or an empty list."""
    found = answer.deployment.get(*path)
    return found if isinstance(found, list) else []


def field_named(path: Path) -> str:
    """Return the name of a path's field: its last step that isn't an index."""
    return next((shown(step) for step in reversed(path) if isinstance(step, str)), "")
