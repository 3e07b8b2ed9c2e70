"""What went wrong with pods, as a card says it, and the field of the manifest that is to blame."""

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
"""How much of the cluster's own words is quoted, in characters."""

_CUT = 63
"""Names in the words about obstacles are cut to so many characters."""


@dataclass(frozen=True, slots=True)
class Blame:
    """What was seen, the next step, the path of the field in the Deployment that is to blame, and a first nudge.

    ``expected`` and ``why`` replace the criterion's own where they aren't empty.
    """

    observed: str
    hint: str
    path: Path = ()
    nudge: str = "Which pod got stuck first, and at what? The timeline shows it."
    expected: str = ""
    why: str = ""

    def verdict(self, answer: Manifest) -> Verdict:
        """The criterion isn't met for this reason: the field's line, and hints that begin with the nudge."""
        line = answer.deployment.line(*self.path) if self.path else 0
        field = field_named(self.path)
        pointer = f"Look at {field}{f' (line {line})' if line else ''}." if field else self.nudge
        return failed(
            self.observed, self.hint, line=line, expected=self.expected, why=self.why,
            hints=(self.nudge, pointer, self.hint),
        )  # fmt: skip


def command_replaced(answer: Manifest) -> Blame:
    """The application's container runs another program than its image's."""
    return Blame(
        f"command replaces the program in the image, and nothing answers at port {PORT}",
        "Take command out, so that the image starts what it was made for.", (*answer.path, "command"),
        "What does the container run in place of the shop?",
    )  # fmt: skip


def container_path(answer: Manifest, name: str) -> Path:
    """The path of the container of that name; the application's where there is none."""
    return next((path for path, one in all_containers(answer) if str(one.get("name"))[:_CUT] == name), answer.path)


def all_containers(answer: Manifest) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The containers and the init containers of the pod, with their paths."""
    for group in ("containers", "initContainers"):
        for index, container in enumerate(items(answer, (*POD, group))):
            if isinstance(container, dict):
                yield (*POD, group, index), container


def item_path(answer: Manifest, path: Path, names: set[str]) -> Path:
    """The path of a list's item that has one of the names; the list's where it is no list, or no item has one."""
    for index, item in enumerate(items(answer, path)):
        if isinstance(item, dict) and names & {str(value)[:_CUT] for value in item.values() if isinstance(value, str)}:
            return (*path, index)
    return path


def items(answer: Manifest, path: Path) -> list[Any]:
    """The list at a path; empty where there is none."""
    found = answer.deployment.get(*path)
    return found if isinstance(found, list) else []


def field_named(path: Path) -> str:
    """The field that a path is about, by its own name: the last one that isn't a place in a list."""
    return next((shown(step) for step in reversed(path) if isinstance(step, str)), "")
