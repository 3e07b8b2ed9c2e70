"""Manifests in files, and the API server's word on each document: what ``workbook admit`` goes by.

Many files are read by several processes, each of them a copy of this one that was made while nothing else ran.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from cluster import SIMULATED, Cluster
from cluster.admission import Admission
from cluster.errors import AnswerError, WorkbookError, WorldError
from cluster.manifests import Document, read
from cluster.simulated.world import SimulatedCluster
from graders.answers.cells import STANDARD_INPUT, text_of
from graders.answers.text import shown
from graders.exits import NOT_FULL, OK, say_what_is_awaited
from graders.output import write
from graders.show.admission import line, lines

MANY = 24
"""From so many files on, more than one process pays for itself."""

MOST_PROCESSES = 8

COLLECT_AFTER = 200_000
"""Objects that may come to be before Python looks for cycles among them."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """One document of a file: what it is in words, its index from 0, and the verdict."""

    file: str
    index: int
    what: str
    admission: Admission


def run(files: Sequence[str], *, as_json: bool, cluster: Cluster | None = None) -> int:
    """Print the verdict on every document of the files, as text or as lines of JSON. The exit code.

    The simulated cluster judges, unless another is given.
    """
    if STANDARD_INPUT in files:
        say_what_is_awaited()
    accepted, say = True, _written(as_json=as_json)
    judge = partial(_as_json if as_json else _as_text, cluster=cluster or SimulatedCluster())
    simulated = cluster is None or cluster.name == SIMULATED
    for good, verdicts in _judged(files, judge) if simulated else map(judge, files):
        accepted = accepted and good
        for text, colour in verdicts:
            say(text, colour)
    return OK if accepted else NOT_FULL


Line = tuple[str, str]
"""A line to print, and its colour or an empty string."""

Said = tuple[bool, list[Line]]
Judge = Callable[[str], Said]


def _written(*, as_json: bool) -> Callable[[str, str], object]:
    if as_json or not sys.stdout.isatty():
        return lambda text, _colour: write(text)
    from rich.text import Text  # noqa: PLC0415  loaded only for a terminal

    from graders.show.console import Console  # noqa: PLC0415

    console = Console()
    return lambda text, colour: console.print(Text(text, style=colour))


def _as_json(file: str, cluster: Cluster) -> Said:
    found = admit_file(file, cluster)
    return all(d.admission.accepted for d in found), [(line(d.file, d.index, d.admission), "") for d in found]


def _as_text(file: str, cluster: Cluster) -> Said:
    found = admit_file(file, cluster)
    said = [one for d in found for one in lines(d.file, d.what, d.admission)]
    return all(d.admission.accepted for d in found), said


def _judged(files: Sequence[str], judge: Judge) -> Iterator[Said]:
    """What is said of each file, in order, with whether it was accepted. Raises UsageError for a file that there isn't."""
    gc.freeze()  # what was loaded stays; a manifest's values hold no cycles, so looking for some can wait
    gc.set_threshold(COLLECT_AFTER)
    shares = min(_processors(), MOST_PROCESSES, len(files) // (MANY // 2))
    if shares < 2 or STANDARD_INPUT in files or not hasattr(os, "fork"):  # noqa: PLR2004
        yield from map(judge, files)
        return
    each = -(-len(files) // shares)
    others = [_Copy(files[start : start + each], judge) for start in range(each, len(files), each)]
    try:
        yield from map(judge, files[:each])
        for other in others:
            yield from other.said()
    finally:
        for other in others:
            other.end()


class _Copy:
    """A copy of this process that judges some of the files meanwhile. It is made while nothing else runs here."""

    def __init__(self, files: Sequence[str], judge: Judge) -> None:
        self._answers = tempfile.TemporaryFile()  # noqa: SIM115  closed by end()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            self._work(files, judge)

    def _work(self, files: Sequence[str], judge: Judge) -> NoReturn:
        try:
            found: list[Said] | WorkbookError = list(map(judge, files))
        except WorkbookError as error:
            found = error
        except BaseException:
            os._exit(1)
        with self._answers:
            pickle.dump(found, self._answers)
        os._exit(0)

    def said(self) -> list[Said]:
        self._wait()
        self._answers.seek(0)
        try:
            found: list[Said] | WorkbookError = pickle.load(self._answers)  # noqa: S301  our own copy wrote it
        except EOFError:
            raise WorldError("One of the processes that judge was ended.", "Try again.") from None
        if isinstance(found, WorkbookError):
            raise found
        return found

    def end(self) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            self._wait()
        self._answers.close()

    def _wait(self) -> None:
        os.waitpid(self._pid, 0)
        self._pid = 0


def admit_file(file: str, cluster: Cluster) -> tuple[Admitted, ...]:
    """The verdict on each document of a file; what can't be read is one document with the server's one verdict."""
    text = None
    try:
        text = text_of(file)
        if documents := read(text):
            verdicts = cluster.admit(documents)
            return tuple(Admitted(file, d.index, _what(d), v) for d, v in zip(documents, verdicts, strict=True))
    except AnswerError as error:
        if text is None:
            return (Admitted(file, 0, "", Admission(status=400, message=error.problem)),)
    return tuple(Admitted(file, index, "", verdict) for index, verdict in enumerate(cluster.admit_text(text)))


def _what(document: Document) -> str:
    return f"{shown(document.get('kind'))} “{shown(document.get('metadata', 'name'))}”"


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
