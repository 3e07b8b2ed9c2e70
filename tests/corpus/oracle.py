"""Kubernetes' own decoding, defaults and validation as a program: its verdicts on manifests, without a cluster.

The program reads the names of files from its standard input and writes one JSON object for each document: ``file``,
``index``, ``accepted``, ``step`` (``decode``, ``unknown`` or ``invalid``) and ``message``. It has no plug-ins, gives
no warnings and no causes, and stops at a refusal where a server does.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.admission.schema import ServedKind
from cluster.errors import UsageError

Row = dict[str, Any]

_STATUS = {"decode": 400, "invalid": 422}
_OF_A_PLUG_IN = "metadata.labels[pod-security.kubernetes.io/"
_THE_SERVERS = re.compile(r"metadata\.name was not generated|spec\.healthCheckNodePort: Required value")
"""What the server itself would have filled in before."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """The program, and the minor of Kubernetes that it was built from."""

    program: Path
    minor: str

    @classmethod
    def found(cls, path: str, minor: str) -> Oracle:
        """The oracle at a path. Raises UsageError if there is no program."""
        program = Path(path).resolve()
        if not program.is_file():
            raise UsageError(
                f"No oracle is at {path}.", "Build it from its Go sources (go build -o PATH .), and name the program."
            )
        return cls(program, minor)

    def verdicts(self, texts: Sequence[tuple[ServedKind, str]]) -> list[Row | None]:
        """The verdict on each manifest, in their order; None if the program gives none.

        A row is as ``dry_run.verdict`` has it, without causes and warnings. Raises UsageError if the program can't be
        run.
        """
        said = self._run([text for _, text in texts])
        if said is None:  # it ended early: by halves, until the manifest that ends it is alone
            half = len(texts) // 2
            return [*self.verdicts(texts[:half]), *self.verdicts(texts[half:])] if half else [None]
        return [_row(kind, said.get(number)) for number, (kind, _) in enumerate(texts)]

    def _run(self, texts: Sequence[str]) -> Mapping[int, Row] | None:
        """The program's verdict on each text's first document; None if it failed."""
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, str(number)) for number in range(len(texts))]
            for file, text in zip(files, texts, strict=True):
                file.write_text(text, encoding="utf-8")
            try:
                ended = subprocess.run(
                    [self.program], input="".join(f"{file}\n" for file in files), capture_output=True, text=True, check=False
                )  # fmt: skip
            except OSError as error:
                raise UsageError(
                    f"The oracle can't be run: {error.strerror}.", "Name the program that go build wrote."
                ) from error
        if ended.returncode:
            return None
        rows = [json.loads(line) for line in ended.stdout.splitlines()]
        return {int(Path(row["file"]).name): row for row in reversed(rows)}


def _row(kind: ServedKind, said: Row | None) -> Row | None:
    if said is None or said.get("step") == "unknown" or _THE_SERVERS.search(said.get("message", "")):
        return None
    message = said.get("message", "")
    if said.get("step") == "decode":
        name = said.get("kind") or kind.name
        message = f'{name} in version "{kind.version}" cannot be handled as a {name}: {message}'
    return {
        "verdict": "accepted" if said["accepted"] else "rejected",
        "status": 201 if said["accepted"] else _STATUS[said["step"]],
        "message": message,
        "causes": [],
        "warnings": [],
    }


def completed(row: Row | None, ours: Row) -> Row | None:
    """An oracle's row, completed from our own; None if a plug-in that it lacks decides.

    The order of causes doesn't matter, because the server iterates over maps in random order. Warnings aren't
    compared.
    """
    if row is None or (ours["causes"] and all(one["field"].startswith(_OF_A_PLUG_IN) for one in ours["causes"])):
        return None
    worded = _consists_of(row["message"], [f"{one['field']}: {one['message']}" for one in ours["causes"]])
    return row | {"causes": ours["causes"] if worded else [], "warnings": ours["warnings"]}


def _consists_of(message: str, causes: Sequence[str]) -> bool:
    """Whether a refusal lists exactly these causes, in any order."""
    _, _, rest = message.partition(" is invalid: ")
    for cause in sorted(dict.fromkeys(causes), key=len, reverse=True):
        if cause not in rest:
            return False
        rest = rest.replace(cause, "", 1)
    return bool(causes) and not rest.strip("[], ")
