"""Measure how well the simulated admission agrees with a live server on new manifests.

``python -m benchmarks.mutations [--count 10000] [--seed N] [--context NAME] [--show 20] [--write FILE]``. It puts one to
three mistakes into manifests of each kind with rules. It asks the server for a strict dry run, one after the other, and
the simulated cluster of the same minor. Nothing is created. ``--one SEED/NUMBER`` shows one mutation with both verdicts.
``--keep FILE`` saves the manifests with a new message of the server, as rows of a corpus. ``--oracle PATH [--minor 1.37]``
asks a program with Kubernetes' own code instead of the server; it gives no warnings.

Answers that depend on the cluster's state are left out and counted: a name that is taken, a missing service account, an
address that can't be allocated; of the program's answers, those that plug-ins decide. The exit code is 0 if 99.9 % of the
verdicts agree, 99 % for each kind, and 97 % of the messages. Messages agree word for word, or with the same causes in
another order, because the server iterates over maps.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Protocol

from cluster.admission.minor import minor_named
from cluster.kubernetes import CURRENT
from graders.cli.exit_codes import NOT_FULL, OK, guarded
from tests.contract.server import Server
from tests.corpus import dry_run
from tests.corpus.mutations import Mutation, mutation
from tests.corpus.oracle import Oracle, completed
from tests.corpus.recording import same
from tools.renew.changes import grouped
from tools.renew.progress import Progress

VERDICTS, OF_A_KIND, MESSAGES = 0.999, 0.99, 0.97
"""The required shares of agreement: of all verdicts, of each kind's, and of the refusals' messages."""

Row = dict[str, Any]

_THE_CLUSTERS = re.compile(
    r"allocat|does not match the namespace|is being terminated|was not found|not enough|exceeded quota"
)
_INDEX = re.compile(r"\[\d+\]")
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+|\{.*\}')
_OF_A_FIELD, _OF_A_MESSAGE = 60, 140
_AT_ONCE = 500
_BY_STATUS = (403, 404, 409, 429, 500, 503, 504)


@dataclass(slots=True)
class Tally:
    """The results of a kind's mutations. ``messages`` counts those that the server refused."""

    manifests: int = 0
    accepted: int = 0
    verdicts: int = 0
    refused: int = 0
    messages: int = 0
    reordered: int = 0
    warnings: int = 0
    left_out: int = 0

    def count(self, real: Row, ours: Row) -> bool:
        """Count one mutation. Whether both say the same."""
        self.manifests += 1
        self.accepted += real["verdict"] == "accepted"
        agree = real["status"] == ours["status"]
        self.verdicts += agree
        warned = sorted(real["warnings"]) == sorted(ours["warnings"])
        self.warnings += warned
        worded = True
        if real["verdict"] == "rejected":
            self.refused += 1
            self.messages += real["message"] == ours["message"]
            worded = same(real | {"warnings": []}, ours | {"warnings": []})
            self.reordered += worded and real["message"] != ours["message"]
        return agree and warned and worded

    def __iadd__(self, other: Tally) -> Tally:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


@dataclass(slots=True)
class Found:
    """Everything that was asked: the tallies by kind, and what differs."""

    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    differing: list[tuple[Mutation, Row, Row]] = field(default_factory=list)
    telling: list[Mutation] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)

    def note(self, one: Mutation, real: Row | None, ours: Row) -> None:
        """Count a mutation, and remember it where it differs or shows something new; one without a verdict is left out."""
        tally = self.kinds[f"{one.kind.api_version} {one.kind.name}"]
        if real is None:
            tally.left_out += 1
            return
        if not tally.count(real, ours):
            self.differing.append((one, real, ours))
        if (said := set(_saying(one, real))) - self._said:
            self._said |= said
            self.telling.append(one)

    @property
    def total(self) -> Tally:
        """All kinds together."""
        total = Tally()
        for one in self.kinds.values():
            total += one
        return total


class Judge(Protocol):
    """The reference for the simulated cluster."""

    @property
    def minor(self) -> str:
        """The minor of Kubernetes that it speaks for."""

    @property
    def version(self) -> str:
        """Its name in the output."""

    @property
    def warns(self) -> bool:
        """Whether it gives warnings."""

    def both(self, mutations: Iterable[Mutation]) -> Iterator[tuple[Mutation, Row | None, Row]]:
        """Each mutation with its verdict, None where it can't tell, and with the simulated cluster's."""


@dataclass(frozen=True, slots=True)
class Live:
    """A server that answers."""

    server: Server
    warns: ClassVar = True

    @property
    def minor(self) -> str:
        """As ``Judge`` has it."""
        return self.server.minor

    @property
    def version(self) -> str:
        """As ``Judge`` has it."""
        return self.server.version

    def both(self, mutations: Iterable[Mutation]) -> Iterator[tuple[Mutation, Row | None, Row]]:
        """As ``Judge`` has it, one request after the other. Raises WorldError where the server doesn't answer."""
        for one in mutations:
            real = dry_run.verdict(self.server.api, one.kind, one.text)
            yield one, None if left_out(real) else real, dry_run.simulated(one.text, self.minor)


@dataclass(frozen=True, slots=True)
class Code:
    """Kubernetes' own code as a program."""

    oracle: Oracle
    warns: ClassVar = False

    @property
    def minor(self) -> str:
        """As ``Judge`` has it."""
        return self.oracle.minor

    @property
    def version(self) -> str:
        """As ``Judge`` has it."""
        return f"v{self.minor} by {self.oracle.program.name}"

    def both(self, mutations: Iterable[Mutation]) -> Iterator[tuple[Mutation, Row | None, Row]]:
        """As ``Judge`` has it. Raises UsageError where the program can't be run."""
        waiting = iter(mutations)
        while several := list(islice(waiting, _AT_ONCE)):
            said = self.oracle.verdicts([(one.kind, one.text) for one in several])
            for one, real in zip(several, said, strict=True):
                ours = dry_run.simulated(one.text, self.minor)
                yield one, completed(real, ours), ours


def compare(judge: Judge, seed: int, count: int) -> Found:
    """Ask both of so many mutations. Raises WorldError where the server doesn't answer."""
    found, progress = Found(), Progress("asked")
    mutations = (mutation(seed, number, judge.minor) for number in range(count))
    for number, (one, real, ours) in enumerate(judge.both(mutations), 1):
        found.note(one, real, ours)
        if line := progress.line(number, count, one.name):
            print(line, file=sys.stderr, flush=True)
    return found


def left_out(real: Row) -> bool:
    """Whether a verdict depends on the cluster's state, and not only on the manifest."""
    return real["status"] in _BY_STATUS or bool(_THE_CLUSTERS.search(real["message"]))


def table(found: Found, *, warns: bool) -> None:
    """Print the results of each kind and of all; warnings only if there are any to compare."""
    print(
        f"{'kind':<42}{'manifests':>10}{'accepted':>10}{'verdicts':>10}{'messages':>10}{'reordered':>11}{'warnings':>10}{'left out':>10}"
    )
    for name, one in [*sorted(found.kinds.items()), ("all", found.total)]:
        print(f"{name:<42}{one.manifests:>10,}{_share(one.accepted, one.manifests):>10}{_share(one.verdicts, one.manifests):>10}"
              f"{_share(one.messages, one.refused):>10}{one.reordered:>11}{_share(one.warnings, one.manifests * warns):>10}{one.left_out:>10}")  # fmt: skip
    print(
        "accepted: by the server. messages: of those that it refuses, word for word; reordered: the same causes otherwise."
    )


def differences(found: Found, show: int, write: Path | None) -> None:
    """Print the pieces of words that differ and the first manifests, verdicts before words; into a file all of them."""
    verdict = [one for one in found.differing if one[1]["status"] != one[2]["status"]]
    words = [one for one in found.differing if one[1]["status"] == one[2]["status"]]
    print(
        f"\n{len(verdict)} verdicts differ, {len(words)} words or warnings; ours beside the server's, piece by piece:"
    )
    for group in grouped([(one.name, ours, real) for one, real, ours in words])[:show]:
        print(
            f"{len(group.manifests):>5} × {group.was[:100] or '(nothing)'!r} → {group.now[:100] or '(nothing)'!r}   {group.manifests[0]}"
        )
    every = [*verdict, *words]
    for one in every[:show]:
        print(told(*one))
    if len(every) > show:
        print(f"\nand {len(every) - show} more: --show {len(every)}, or --write FILE for all with their manifests")
    if write is not None:
        write.write_text("\n".join(f"{told(*one)}\n{one[0].text}" for one in every), encoding="utf-8")


def corpus_rows(telling: Sequence[Mutation]) -> str:
    """Mutations as the lines of a corpus; their verdicts are recorded by ``python -m tools.renew --only corpora``."""
    rows = (
        {"id": f"{one.kind.name}/{one.name}", "category": one.edits[0].partition(" ")[0], "manifest": one.text}
        for one in telling
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _saying(one: Mutation, real: Row) -> Iterator[str]:
    """What a verdict says, without values and indexes."""
    for cause in real["causes"]:
        yield _VALUE.sub("_", f"{_INDEX.sub('', cause['field'])[-_OF_A_FIELD:]} {cause['message']}")[:_OF_A_MESSAGE]
    yield from (_VALUE.sub("_", warning)[:_OF_A_MESSAGE] for warning in real["warnings"])
    if not real["causes"]:
        yield _VALUE.sub("_", real["message"])[:_OF_A_MESSAGE] or f"{one.kind.name} {one.edits[0].partition(' ')[0]}"


def told(one: Mutation, real: Row | None, ours: Row) -> str:
    """A mutation with both verdicts."""
    said = (
        f"{row['status']} {row['message']} {'; '.join(row['warnings'])}".rstrip() if row else "left out"
        for row in (real, ours)
    )
    server, simulated = said
    return f"\n{one.name} {one.kind.name}: {', '.join(one.edits)}\n  server    {server}\n  simulated {simulated}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def main(arguments: Sequence[str]) -> int:
    """Ask, compare, and print. The exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mutations", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000, help="how many mutations")
    parser.add_argument(
        "--seed", type=int, default=time.time_ns() % 1_000_000, help="which mutations; new ones unless you say"
    )
    parser.add_argument("--context", default="", help="a kubeconfig context, in place of the workbook's own cluster")
    parser.add_argument("--oracle", metavar="PATH", help="a program that is Kubernetes' own code, in place of a server")
    parser.add_argument("--minor", default=CURRENT, help="the minor that the program was built from")
    parser.add_argument("--show", type=int, default=20, help="how many differences are printed")
    parser.add_argument("--write", type=Path, help="a file for all differences, with their manifests")
    parser.add_argument("--keep", type=Path, help="a file for the manifests that show something new")
    parser.add_argument("--one", metavar="SEED/NUMBER", help="show this mutation with both verdicts, and end")
    options = parser.parse_args(arguments)
    judge: Judge
    if options.oracle:
        judge = Code(Oracle.found(options.oracle, minor_named(options.minor)))
    else:
        judge = Live(Server.reach(options.context))
        minor_named(judge.minor)  # another one isn't known here, and it says so
    if options.one:
        seed, _, number = options.one.partition("/")
        for one, real, ours in judge.both([mutation(int(seed), int(number), judge.minor)]):
            print(one.text + told(one, real, ours))
        return OK
    began = time.monotonic()
    found = compare(judge, options.seed, options.count)
    print(
        f"{options.count:,} mutations with seed {options.seed}, Kubernetes {judge.version}, in {time.monotonic() - began:.0f} s\n"
    )
    table(found, warns=judge.warns)
    differences(found, options.show, options.write)
    if options.keep:
        options.keep.write_text(corpus_rows(found.telling), encoding="utf-8")
    total = found.total
    reached = {
        f"verdicts: {{}} {100 * VERDICTS} %": total.verdicts >= VERDICTS * total.manifests,
        f"of each kind: {{}} {100 * OF_A_KIND:.0f} %": all(
            one.verdicts >= OF_A_KIND * one.manifests for one in found.kinds.values()
        ),
        f"messages: {{}} {100 * MESSAGES} %": total.messages + total.reordered >= MESSAGES * total.refused,
    }
    print("\n" + "; ".join(what.format("reached" if good else "missed") for what, good in reached.items()))
    return OK if all(reached.values()) else NOT_FULL


if __name__ == "__main__":
    sys.exit(guarded(lambda: sys.exit(main(sys.argv[1:]))))
