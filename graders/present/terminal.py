"""A report in the terminal, with rich. A learner's text is never read as markup, and is made printable."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cluster.text.amounts import format_number
from graders.core.report import Finding, Report, State
from graders.present.console import Console
from graders.present.words import FOLLOWS, GLYPH, following, judged, line_beside, open_findings, score, waiting_findings

STYLE = {
    State.PASS: "green",
    State.FAIL: "red",
    State.NOT_STARTED: "dim",
    State.WAITING: "cyan",
    State.NOT_JUDGED: "yellow",
}


def show(report: Report, console: Console, hints: int = 0) -> None:
    """Print a report: a line for each passed finding, an explanation for each open one; below it ``hints`` rungs."""
    console.print(panel(report))
    for line in _hints(report)[:hints]:
        console.print(line)


def _hints(report: Report) -> list[Text]:
    """The hint ladder of the first open finding, or one sentence if hints don't apply."""
    if not open_findings(report):
        return [Text("Full marks; there are no hints left.")]
    if report.problem and report.state is not State.NOT_STARTED:
        return [Text("Correct that first: until then the rest can't be judged, and there are no hints.")]
    first = open_findings(report)[0]
    of = len(first.further_hints)
    return [
        Text.assemble((f"Hint {number} of {of}: ", "dim"), (f"{first.title}\n", "dim"), hint)
        for number, hint in enumerate(first.further_hints, 1)
    ]


def panel(report: Report) -> Panel:
    """A report, in a frame."""
    title = Text(f" {GLYPH[report.state]} {report.title or report.exercise}: {score(report)} ")
    body = _problem(report) if report.problem else _findings(report)
    origin = [Text(report.origin, style="dim")] if report.origin else []
    notes = [Text(note, style="dim") for note in report.notes]
    footer = Text(judged(report), style="dim")
    return Panel(
        Group(*origin, *body, *notes, footer), title=title, title_align="left", border_style=STYLE[report.state]
    )


def _problem(report: Report) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(report.problem)]
    if report.excerpt:
        lines.append(Padding(Text(report.excerpt, style="cyan"), (0, 2)))
    if report.hint:
        lines.append(Text(report.hint, style="bold"))
    return lines


def _findings(report: Report) -> list[RenderableType]:
    table = Table(box=None, show_header=False, padding=(0, 1), expand=True)
    table.add_column(width=1)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for finding in report.findings:
        if finding.state is State.PASS:
            table.add_row(_glyph(finding), Text(finding.title), Text(_points(finding), style="dim"))
    for finding in open_findings(report):
        table.add_row(_glyph(finding), _explained(finding), Text(_points(finding), style="dim"))
    for some in following(report):
        table.add_row(Text(FOLLOWS), Text(some.said), Text(some.points, style="dim"))
    for finding in waiting_findings(report):
        awaited = Text.assemble(finding.title, (f"  {finding.observed}", "dim"))
        table.add_row(_glyph(finding), awaited, Text(f"of {format_number(finding.points)}", style="dim"))
    return [table]


def _points(finding: Finding) -> str:
    if not finding.points:
        return ""  # for practice
    of = "" if finding.state is State.PASS else f"{format_number(finding.earned)} of "
    return f"{of}{format_number(finding.points)}"


def _glyph(finding: Finding) -> Text:
    return Text(GLYPH[finding.state], style=STYLE[finding.state])


def _explained(finding: Finding) -> Text:
    text = Text(finding.title, style="bold")
    text.append(f"  {finding.state}", style="dim")
    line = line_beside(finding)
    where = f" (line {line})" if line else ""
    for label, said in (
        ("saw", finding.observed + where),
        ("then", finding.also),
        ("expected", finding.expected),
        ("why", finding.why),
    ):
        if said:
            text.append(f"\n{label:<9}", style="dim")
            text.append(said, style="none")
    if finding.hint:
        text.append(f"\n{'next':<9}", style="dim")
        text.append(finding.hint, style="bold")
    if finding.docs_url:
        text.append(f"\n{'read':<9}{finding.docs_url}", style="dim")
    return text
