"""Judgments by content: each distinct answer is judged once for a course, whoever handed it in and however often.

A file's name is a digest of all that a judgment depends on: the code that judges, the exercise and its points, the answer,
and the world with its version. So a judgment never has to be corrected, only made. The files are the course's own; no text of
a submission becomes a name in them. They may be deleted at any time: answers are then judged again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from graders.gradebook.outputs import JUDGMENT, Check, Outputs, judged, judgment

FOLDER = ".workbook/judgments"
FORMAT = 1
"""The version of the files' format."""


@dataclass(frozen=True, slots=True)
class Judgments:
    """The judgments in a folder, made by code with the digest ``code`` in a world.

    ``world`` is its name, ``context`` the kubeconfig context and ``version`` the Kubernetes version. Judgments older than
    ``since``, in nanoseconds, don't count.
    """

    folder: Path
    code: str
    world: str
    context: str = ""
    version: str = ""
    since: int = 0

    def key(self, check: Check) -> str:
        """Return the name of a check's judgment."""
        said = [FORMAT, self.code, self.world, self.context, self.version, check.name, check.points, check.text]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def find(self, check: Check) -> Outputs | None:
        """Return the outputs of a check that is judged already, or None. A damaged file is no judgment."""
        path = self._path(check)
        try:
            if path.stat().st_mtime_ns < self.since:
                return None
            outputs = json.loads(zlib.decompress(path.read_bytes()))
            return outputs if judgment({"outputs": outputs}).get("judged") is True else None
        except (OSError, ValueError, zlib.error, AttributeError, TypeError):
            return None

    def keep(self, check: Check, outputs: Outputs) -> None:
        """Keep the outputs of a judged check. Nothing is kept if the disk is full or may not be written."""
        path = self._path(check)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(zlib.compress(json.dumps(outputs).encode(), 1))
            beside.replace(path)

    def judged(self, check: Check, world: str, context: str) -> Outputs:
        """Judge a check in this process, and keep the result; what is kept is returned without its card."""
        outputs = judged(check, world, context)
        about = judgment({"outputs": outputs})
        if not about.get("judged"):
            return outputs
        self.keep(check, outputs)
        return [{"metadata": {JUDGMENT: about}}]

    def drop_others(self) -> None:
        """Delete the judgments of other versions of the code."""
        for other in self.folder.glob("*"):
            if other.name != self._version:
                shutil.rmtree(other, ignore_errors=True)

    @property
    def _version(self) -> str:
        return self.code[:16]

    def _path(self, check: Check) -> Path:
        key = self.key(check)
        return self.folder / self._version / key[:2] / f"{key}.z"
