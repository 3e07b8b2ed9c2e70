"""Manifests in files, and the API server's word on each document: what ``workbook admit`` goes by.

Many files are read by several processes, each of them a copy of this one that was made while nothing else ran.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cluster.admission import Admission
from cluster.errors import AnswerError
from cluster.manifests import Document, read
from cluster.simulated.admission import admit, admit_text
from graders.answers.cells import STANDARD_INPUT, text_of
from graders.answers.text import shown

MANY = 24
"""From so many files on, more than one process pays for itself."""

MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Admitted:
    """One document of a file: what it is in words, its index from 0, and the verdict."""

    file: str
    index: int
    what: str
    admission: Admission


def admitted(files: Sequence[str]) -> Iterator[tuple[Admitted, ...]]:
    """The verdicts on each file's documents, file by file, in order. Raises UsageError for a file that there isn't."""
    processes = min(_processors(), MOST_PROCESSES, len(files) // (MANY // 2))
    if processes < 2 or STANDARD_INPUT in files or "fork" not in multiprocessing.get_all_start_methods():  # noqa: PLR2004
        yield from map(admit_file, files)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap(admit_file, files, chunksize=max(1, len(files) // (processes * 4)))


def admit_file(file: str) -> tuple[Admitted, ...]:
    """The verdict on each document of a file; what can't be read is one document with the server's one verdict."""
    text = None
    try:
        text = text_of(file)
        if documents := read(text):
            return tuple(Admitted(file, d.index, _what(d), admit(d)) for d in documents)
    except AnswerError as error:
        if text is None:
            return (Admitted(file, 0, "", Admission(status=400, message=error.problem)),)
    return tuple(Admitted(file, index, "", verdict) for index, verdict in enumerate(admit_text(text)))


def _what(document: Document) -> str:
    return f"{shown(document.get('kind'))} “{shown(document.get('metadata', 'name'))}”"


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
