"""Bounds on texts with manifests: an answer in its cell, and a file for ``workbook admit``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cluster.limits import (
    ADMIT_BYTES,
    ADMIT_DEPTH,
    ADMIT_DOCUMENTS,
    ADMIT_NODES,
    ADMIT_REPEATED,
    ANSWER_BYTES,
    MANIFEST_DEPTH,
    MANIFEST_DOCUMENTS,
    MANIFEST_NODES,
    MANIFEST_REPEATED,
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds on one text, from cluster/limits.py.

    ``what`` is the text's name in a message, ``reads`` the clause with the bound. ``smaller`` and ``fewer`` are the
    hints for too many bytes and too many documents.
    """

    what: str
    reads: str
    smaller: str
    fewer: str
    bytes: int
    documents: int
    depth: int
    nodes: int
    repeated: int


@dataclass(slots=True)
class Left:
    """The rest of a text's bounds after some documents: values, and characters that aliases may repeat."""

    nodes: int
    repeated: int


ANSWER: Final = Bounds(
    what="Your answer", reads="at most {} are read", smaller="Keep the answer alone in its cell.",
    fewer="Keep those that the exercise asks for.",
    bytes=ANSWER_BYTES, documents=MANIFEST_DOCUMENTS, depth=MANIFEST_DEPTH, nodes=MANIFEST_NODES, repeated=MANIFEST_REPEATED,
)  # fmt: skip

FILE: Final = Bounds(
    what="This file", reads="workbook admit reads at most {} of one file", smaller="Split it into several files.",
    fewer="Split it into several files.",
    bytes=ADMIT_BYTES, documents=ADMIT_DOCUMENTS, depth=ADMIT_DEPTH, nodes=ADMIT_NODES, repeated=ADMIT_REPEATED,
)  # fmt: skip
