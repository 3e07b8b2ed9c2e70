"""``workbook admit``: the API server's verdict on each object in files of manifests.

Files are read as kubectl reads them: documents of YAML or a stream of JSON, and lists by their items. Several processes
read many files.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from multiprocessing import get_context, parent_process
from threading import Thread

from cluster import SIMULATED, Cluster
from cluster.admission.decode import dotted
from cluster.admission.lists import items
from cluster.admission.response import Admission, Cause
from cluster.admission.unread import unread
from cluster.errors import AnswerError, LimitError, WorldError
from cluster.manifests.bounds import FILE
from cluster.manifests.documents import Document, Unread, read_each
from cluster.manifests.yaml_errors import too_many_documents
from cluster.simulated.world import SimulatedCluster
from graders.cli.exit_codes import ENVIRONMENT, NOT_FULL, OK, say_what_is_awaited
from graders.core.output import write
from graders.present.verdicts import REFUSED, line, lines, state, summary
from graders.reading.notebook_cells import STANDARD_INPUT, text_of
from graders.reading.text import shown

SHARE = 12
"""How many files a process judges in one go. From twice as many on, more than one process saves time."""

MOST_PROCESSES = 8

COLLECT_AFTER = 200_000
"""New objects before Python looks for reference cycles among them."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """One object of a file: its document's index from 0, its place in the document if that is a list, and the verdict.

    ``what`` describes the object in words. ``beyond`` means that the file exceeds a limit, so the rest of it isn't judged.
    """

    file: str
    index: int
    what: str
    admission: Admission
    item: str = ""
    beyond: bool = False


def run(files: Sequence[str], *, as_json: bool, cluster: Cluster | None = None) -> int:
    """Print the verdict on each object of the files, as text or as lines of JSON, and return the exit code.

    The code is 1 if something is refused, or else 3 if a file exceeds a limit. Objects of unknown kinds don't count. The
    simulated cluster judges unless ``cluster`` is another.
    """
    if STANDARD_INPUT in files:
        say_what_is_awaited()
    states, beyond, say = Counter[str](), False, _written(as_json=as_json)
    judge = partial(_output, as_json=as_json, cluster=cluster or SimulatedCluster())
    simulated = cluster is None or cluster.name == SIMULATED
    for said in _judged(files, judge) if simulated else map(judge, files):
        states += said.states
        beyond = beyond or said.beyond
        for text, color in said.lines:
            say(text, color)
    if not as_json and (total := summary(states)):
        say(total, "")
    return NOT_FULL if states[REFUSED] else ENVIRONMENT if beyond else OK


Line = tuple[str, str]
"""A line to print, and its color or an empty string."""


@dataclass(frozen=True, slots=True)
class Said:
    """The output for one file: lines to print, and the number of objects in each state."""

    states: Counter[str]
    beyond: bool
    lines: list[Line]


Judge = Callable[[str], Said]


def _written(*, as_json: bool) -> Callable[[str, str], object]:
    if as_json or not sys.stdout.isatty():
        return lambda text, _color: write(text)
    from rich.text import Text  # noqa: PLC0415  loaded only for a terminal

    from graders.present.console import Console  # noqa: PLC0415

    console = Console()
    return lambda text, color: console.print(Text(text, style=color))


def _output(file: str, as_json: bool, cluster: Cluster) -> Said:
    found = admit_file(file, cluster)
    if as_json:
        said = [(line(d.file, d.index, d.item, d.admission), "") for d in found]
    else:
        said = [one for d in found for one in lines(d.file, d.what, d.admission)]
    return Said(Counter(state(d.admission) for d in found), any(d.beyond for d in found), said)


def _judged(files: Sequence[str], judge: Judge) -> Iterator[Said]:
    """Yield the output for each file, in order. Raises UsageError if a file doesn't exist."""
    gc.freeze()  # loaded modules stay; a manifest's values hold no cycles, so collecting cycles can wait
    gc.set_threshold(COLLECT_AFTER)
    processes = min(_processors(), MOST_PROCESSES, len(files) // SHARE)
    if processes < 2 or STANDARD_INPUT in files or not hasattr(os, "fork"):  # noqa: PLR2004
        yield from map(judge, files)
        return
    # A fork has already loaded everything, and no other thread runs here that a fork could break.
    pool = ProcessPoolExecutor(processes, get_context("fork"), _begin)
    try:
        yield from pool.map(judge, files, chunksize=SHARE)
    except BrokenProcessPool:
        raise WorldError("A judging process was ended.", "Try again.") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Make a process of the pool end quietly at Ctrl-C, and when its parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_process()

    def end() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=end, daemon=True).start()


def admit_file(file: str, cluster: Cluster) -> tuple[Admitted, ...]:
    """Return the verdict on each object of a file. An unreadable document counts as one refused object, as in kubectl."""
    try:
        text = text_of(file)
    except LimitError as error:
        return (_beyond(file, 0, LimitError(error.problem, FILE.smaller)),)
    except AnswerError as error:
        return (Admitted(file, 0, "", Admission(HTTPStatus.BAD_REQUEST, error.problem)),)
    found: list[Admitted] = []
    try:
        for one in read_each(text, FILE):
            for admitted in _admitted(file, one, cluster):
                if len(found) == FILE.documents:
                    raise too_many_documents(one.line() if isinstance(one, Document) else one.error.line, FILE)
                found.append(admitted)
    except LimitError as error:
        found.append(_beyond(file, found[-1].index + 1 if found else 0, error))
    return tuple(found) or tuple(Admitted(file, 0, "", verdict) for verdict in cluster.admit_text(text))


def _admitted(file: str, found: Document | Unread, cluster: Cluster) -> Iterator[Admitted]:
    if isinstance(found, Unread):
        yield Admitted(file, found.index, "", unread(found))
        return
    empty = True
    for path, item in items(found):
        empty = False
        (verdict,) = cluster.admit((item,))
        if found.rest is not None and not path:
            verdict = replace(verdict, ignored=(*verdict.ignored, _passed_over(found.rest)))
        yield Admitted(file, found.index, _what(item, dotted(path)), verdict, dotted(path))
    if empty:
        nothing = Admission(HTTPStatus.NOT_FOUND, unjudged="This list has no items, so there is nothing to judge.")
        yield Admitted(file, found.index, _what(found), nothing)


def _passed_over(rest: AnswerError) -> Cause:
    """Return the remark that kubectl ignores text after the first document between two separators."""
    words = "kubectl ignores everything from this line to the next ---, because a document ends above it"
    return Cause(
        "", "", words, rest.line, "put --- above it if another document begins there, or else indent it further"
    )


def _beyond(file: str, index: int, error: LimitError) -> Admitted:
    what = f"nothing from line {error.line} on is judged" if index else "none of it is judged"
    sentence = f"{error.problem.removesuffix('.')}, so {what}. {error.hint}"
    return Admitted(file, index, "", Admission(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, unjudged=sentence), beyond=True)


def _what(document: Document, item: str = "") -> str:
    where = f" ({item})" if item else ""
    return f"{shown(document.get('kind'))} “{shown(document.get('metadata', 'name'))}”{where}"


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
