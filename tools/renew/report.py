"""The report of a renewal: tables of the changes, and a numbered list of the open decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from graders.present.console import Console
from tools.renew import changes, recorded
from tools.renew.changes import Difference, SchemaChanges, Wording
from tools.renew.decisions import Decision, decisions
from tools.renew.recorded import Recorded

SHOWN = 25
"""The most lines of a list that are shown without ``--full``."""

_WHOLE = 28
"""The minimum width of a column with longer texts; shorter texts aren't broken."""

LONGEST = 160
"""The most characters of a message that are shown without ``--full``."""


def report(minor: str, against: str, console: Console, *, full: bool = False) -> None:
    """Print the changes from another minor to this one, and the open decisions. Raises UsageError."""
    other = recorded.other(minor, against)
    new, old = recorded.read(minor), recorded.read(other) if other else None
    found = changes.schema_changes(old.schema if old else {}, new.schema)
    page = _Page(console, full=full)
    if old:
        console.print(f"\nKubernetes {new.version} beside {old.version}\n", style="bold")
        _changed(page, old, new, found)
    else:
        console.print(f"\nKubernetes {new.version}; no other minor is recorded for a comparison.\n", style="bold")
    _decide(page, decisions(new, old, found))


class _Page:
    """Prints tables and lists, and cuts long ones unless ``full``."""

    def __init__(self, console: Console, *, full: bool) -> None:
        self.console = console
        self._full = full

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], none: str) -> None:
        """Print a table, or the sentence ``none`` without rows."""
        every = [[self._cut(str(cell)) for cell in row] for row in rows]
        if not every:
            self.console.print(f"{title}: {none}")
            return
        table = Table(box=SIMPLE_HEAD, title=f"{title} ({len(every):,})", title_justify="left", title_style="bold")
        for place, name in enumerate(columns):
            number = name.startswith("#")
            longest = max(len(name), *(len(row[place]) for row in every))
            table.add_column(
                name.removeprefix("#"), justify="right" if number else "left", overflow="fold", no_wrap=number,
                min_width=min(longest, _WHOLE),
            )  # fmt: skip
        for row in self.some(every):
            table.add_row(*map(Text, row))
        self.console.print(table)
        self.rest(len(every))

    def some(self, every: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
        """Return the rows to show."""
        return every if self._full else every[:SHOWN]

    def rest(self, count: int, indent: str = "  ") -> None:
        """Say how many rows aren't shown."""
        if not self._full and count > SHOWN:
            self.console.print(f"{indent}and {count - SHOWN:,} more: --full shows all")

    def _cut(self, text: str) -> str:
        return text if self._full or len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _changed(page: _Page, old: Recorded, new: Recorded, found: SchemaChanges) -> None:
    a, b = old.minor, new.minor
    page.table("Verdicts", ("manifest", a, b, "why"), (
        (f.manifest, *(("refused", "accepted") if f.accepted else ("accepted", "refused")), f.why) for f in changes.flips(old, new)
    ), "the same for every manifest that both servers were asked about.")  # fmt: skip
    page.table("Wordings", ("#manifests", a, b, "for example"), map(_wording, changes.wordings(old, new)), "the same.")
    page.table("Kinds", ("", "kind"), (
        *(("new", kind) for kind in found.kinds_new), *(("gone", kind) for kind in found.kinds_gone),
    ), "the same.")  # fmt: skip
    page.table("Fields", ("", "type", "fields"), (
        *(("new", *one) for one in _by_type(found.fields_new)), *(("gone", *one) for one in _by_type(found.fields_gone)),
        *((f"was {was}", name, now) for name, (was, now) in found.retyped.items()),
    ), "the same.")  # fmt: skip
    page.table(
        "Fields that are accepted and dropped", ("field", "behind the gate"), found.dropped.items(), "none is known."
    )
    page.table("Feature gates with another default", ("now", "gate"), (
        ("on" if on else "off", gate) for gate, on in found.switched.items()
    ), "none.")  # fmt: skip
    page.table("Timings, in seconds", ("what", "#cases", f"#{a}, median", f"#{b}, median", "#largest difference", "in"), (
        (t.what, t.runs, f"{t.was:.1f}", f"{t.now:.1f}", f"{t.largest:+.1f}", t.case) for t in changes.timings(old, new)
    ), "no case ran on both.")  # fmt: skip
    _differing(page, "Contract cases", changes.case_differences(old, new), a, b)
    _differing(page, "Shops", changes.shop_differences(old, new), a, b)


def _differing(page: _Page, title: str, found: Sequence[Difference], old: str, new: str) -> None:
    page.table(
        title, ("", "what", old, new), ((d.name, d.what, d.was, d.now) for d in found), "what both ran ended alike."
    )


def _wording(one: Wording) -> tuple[object, ...]:
    return len(one.manifests), one.was or "—", one.now or "—", one.manifests[0]


def _by_type(fields: Sequence[str]) -> list[tuple[str, str]]:
    owners: dict[str, list[str]] = {}
    for field in fields:
        owner, _, name = field.rpartition(".")
        owners.setdefault(owner, []).append(name)
    return [(owner, ", ".join(names)) for owner, names in owners.items()]


def _decide(page: _Page, every: Sequence[Decision]) -> None:
    console = page.console
    console.print("\nTo decide\n" if every else "\nAll decisions are made.", style="bold")
    for place, one in enumerate(every, 1):
        console.print(f"{place:>2}. {one.what} {one.todo}")
        for (item,) in page.some([(item,) for item in one.items]):
            console.print(f"      {item}")
        page.rest(len(one.items), " " * 6)
