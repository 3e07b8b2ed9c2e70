"""The notebook's magic and functions, in a real kernel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
import pytest

from cluster.engines import missing
from graders.core.registry import exercises
from tests.support.drawing import ANSWER_CELL, DRAWING, answer_cell
from tests.support.kernel import Kernel
from tests.support.manifests import CRON_JOB, DEPLOYMENT

ROOT = Path(__file__).parents[3]
EVERYTHING = sum(e.points for e in exercises())


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    kernel = Kernel(tmp_path_factory.mktemp("kernel"))
    assert kernel.run("%load_ext graders.notebook").error is None
    yield kernel
    kernel.end()


def test_full_marks(kernel: Kernel) -> None:
    """An answer is kept without being run, and a check that passes shows a card with a timeline and raises nothing."""
    kept = kernel.run(f"%%answer deployment\n{DEPLOYMENT}")
    assert "Kept: Deployment “orders”." in kept.plain
    checked = kernel.run('check("deployment")')
    assert checked.error is None
    assert "30 of 30 points" in checked.html
    assert checked.html.count("data:image/svg+xml;base64,") == 1
    assert checked.kinds == ["display_data"]


def test_failed_check_is_one_line(kernel: Kernel) -> None:
    """A failed check shows its card and ends with one line that names the next step."""
    kernel.run(f"%%answer deployment\n{DEPLOYMENT.replace('replicas: 3', 'replicas: 1')}")
    checked = kernel.run('check("deployment")')
    assert checked.error == ["✘ deployment: 27 of 30 points. Next: Three replicas."]
    assert "replicas: 1" in checked.html


def test_hints_climb(kernel: Kernel) -> None:
    """Each hint is the next rung for the first criterion that isn't met; the last rung repeats."""
    kernel.run(f"%%answer deployment\n{DEPLOYMENT.replace('replicas: 3', 'replicas: 1')}")
    rungs = [kernel.run('hint("deployment")').plain for _ in range(4)]
    assert [r.splitlines()[0] for r in rungs] == [f"Hint {n} of 3: Three replicas" for n in (1, 2, 3, 3)]
    assert len({r.splitlines()[1] for r in rungs}) == 3


def test_not_begun(kernel: Kernel) -> None:
    """An answer that isn't started is reported as such, without an error."""
    kernel.run("%%answer deployment\n# your answer here")
    checked = kernel.run('check("deployment")')
    assert checked.error is None
    assert "Nothing is written here yet" in checked.html


def test_an_emptied_cell(kernel: Kernel) -> None:
    """A cell with only the magic's line removes the answer: the previous text isn't judged."""
    kernel.run(f"%%answer deployment\n{DEPLOYMENT}")
    assert kernel.run("%%answer deployment").error is None
    checked = kernel.run('check("deployment")')
    assert checked.error is None
    assert "Nothing is written here yet" in checked.html


def test_each_mistake_begins_at_the_first_rung(kernel: Kernel) -> None:
    """The hints go on from the card's next step, and begin again for the next mistake in the same item."""
    answer = "%%answer kinds\nthumbnails: {{kind: {}, deadline: 500ms, scale-on: queue-depth}}"
    kernel.run(answer.format("api"))
    card = kernel.run('check("kinds")').html
    hints = [kernel.run('hint("kinds")').plain for _ in range(2)]
    assert [hint.partition(":")[0] for hint in hints] == ["Hint 1 of 2", "Hint 2 of 2"]
    assert not [hint for hint in hints if hint.splitlines()[1] in card]
    kernel.run(answer.format("worker"))
    first = kernel.run('hint("kinds")').plain
    assert first.startswith("Hint 1 of 2")
    assert "No client waits" in first
    kernel.run("%%answer kinds\n# nothing yet")


@pytest.mark.parametrize("call", ["check()", "hint()", "check(3)", "check(None)", "hint([])"])
def test_no_exercise_is_named(kernel: Kernel, call: str) -> None:
    """Without an exercise's name, the error is one line that says what to write."""
    (error,) = kernel.run(call).error or []
    assert error.startswith("✘ Name an exercise, in quotes. For example check(")


def test_drawing_is_drawn_back(kernel: Kernel) -> None:
    """%%answer draws a drawing at once, with alt text that lists its parts."""
    kept = kernel.run(f"%%answer diagram\n{DRAWING}")
    assert '<img alt="Drawing of client, api, postgres (database)' in kept.html
    assert kernel.run('check("diagram")').error is None


def test_digraph(kernel: Kernel) -> None:
    """check accepts a graphviz.Digraph, with no dot on the machine."""
    kernel.run(
        "import graphviz\ndrawing = graphviz.Digraph()\n"
        "for a, b in ['ap', 'ar', 'aq', 'qw']: drawing.edge(a, b)\n"
        "for n, l in dict(a='Orders API', p='PostgreSQL', r='Redis', q='Queue', w='Email worker').items(): drawing.node(n, l)"
    )
    checked = kernel.run('check("diagram", drawing)')
    assert checked.error is None
    assert "20 of 20 points" in checked.html


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('check("deploymnet")', "Did you mean “deployment”?"),
        ("%%answer nothing\nx", "There is no exercise called “nothing”."),
        ("%%answer diagram: digraph { a -> b }\n", "The answer begins in the %%answer line"),
        ('hint("nothing")', "There are: hello, "),
        ('check("diagram", 7)', "An object of type int is neither a text nor a drawing."),
        ('admit("a: [")', "line"),
        ('draw("graph LR")', "Mermaid"),
    ],
)
def test_mistakes_are_one_line(kernel: Kernel, source: str, said: str) -> None:
    """A mistake in a call gives an error of one line."""
    ran = kernel.run(source)
    assert ran.error is not None
    assert len(ran.error) == 1
    assert "\n" not in ran.error[0]
    assert said in ran.error[0] + ran.plain


def test_unreadable_answer(kernel: Kernel) -> None:
    """An answer that can't be read shows its line when it is kept, and again when it is checked."""
    kept = kernel.run("%%answer deployment\nkind: Deployment\nspec: [")
    assert kept.error is None
    checked = kernel.run('check("deployment")')
    assert checked.error is not None
    assert len(checked.error) == 1
    assert "<pre>" in checked.html


SHOWN = "which-runs-now"


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
@pytest.mark.parametrize("line", ["%%answer diagram\n", "%%anwser diagram\n", ""])
def test_shown_is_judged(kernel: Kernel, kind: str, line: str) -> None:
    """A check judges the text in the editor, not the text that ran before, and the card has no origin line."""
    kernel.run("%%answer diagram\ndigraph { a -> b }")
    kernel.show(SHOWN, answer_cell(f"{line}{DRAWING}", kind))
    checked = kernel.run('check("diagram")', SHOWN)
    assert "20 of 20 points" in checked.html
    assert "Judged: the answer" not in checked.html + checked.plain


def test_shown_for_another_cell(kernel: Kernel) -> None:
    """The cells that the editor sent for another run aren't used; then the card begins with the origin of its text."""
    kernel.run("%%answer diagram\ndigraph { a -> b }")
    kernel.show("another", answer_cell(f"%%answer diagram\n{DRAWING}"))
    checked = kernel.run('check("diagram")', SHOWN)
    assert "20 of 20 points" not in checked.html
    assert "Judged: the answer as its cell ran at " in checked.plain.splitlines()[1]
    assert checked.html.index("Judged: the answer as its cell ran at ") < checked.html.index("<header>")


def test_a_part_of_a_split_answer(kernel: Kernel) -> None:
    """Running either part of a split answer keeps both parts, and the output says how to merge them."""
    at = DRAWING.index(";") + 1
    first, rest = DRAWING[:at], DRAWING[at:]
    parts = [answer_cell(f"%%answer diagram\n{first}"), {**answer_cell(rest), "id": "split-off"}]
    for part in parts:
        kernel.show(part["id"], *parts)
        ran = kernel.run(part["source"], part["id"])
        assert ran.error is None
        assert "split into 2 cells" in ran.plain
        assert "20 of 20 points" in kernel.run('check("diagram")').html


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (DRAWING, "“%%answer diagram” was missing."),
        (f"%answer diagram\n{DRAWING}", "its first line should be “%%answer diagram”"),
        (f"%%answer\n{DRAWING}", "its first line should be “%%answer diagram”"),
        (f"%%answer deployment\n{DRAWING}", "This is the answer cell of diagram"),
    ],
)
def test_the_answers_own_cell(kernel: Kernel, source: str, said: str) -> None:
    """A released answer cell is recognized by its id, with any first line."""
    ran = kernel.run(source, ANSWER_CELL)
    assert said in ran.plain
    assert "20 of 20 points" in kernel.run('check("diagram")').html


@pytest.mark.parametrize(
    "source", ["%%anwser diagram\n", "%% answer diagram\n", "%answer diagram\n", "\ufeff%%answer diagram\n", "  %%answer diagram\n",
               "# mine\n%%answer diagram\n", "%%answer diagram\n%%answer diagram\n", "answer diagram\n"],
)  # fmt: skip
def test_a_mistyped_line(kernel: Kernel, source: str) -> None:
    """A mistyped %%answer line still keeps the answer and its indentation, in any cell."""
    kernel.run("%%answer diagram\n# your answer here")
    kernel.run(f"{source}  {DRAWING}")
    assert "20 of 20 points" in kernel.run('check("diagram")').html


def test_an_indented_line(kernel: Kernel) -> None:
    """An indented %%answer line doesn't change the indentation of the YAML below it."""
    kernel.run(f"  %%answer deployment\n{DEPLOYMENT}")
    assert "30 of 30 points" in kernel.run('check("deployment", on="simulated")').html


def test_other_cells_run_as_they_are(kernel: Kernel) -> None:
    """Code that contains an %%answer line in a string runs as code."""
    ran = kernel.run('# the answer to everything\ntext = """\n%%answer diagram\n"""\nprint(len(text))')
    assert ran.streams == "18\n"
    assert kernel.run("answer = 42\nprint(answer)").streams == "42\n"
    assert kernel.run("%%capture\nprint(1)").streams == ""
    assert kernel.run("%%capture event\nprint(1)").error is None
    assert kernel.run("print(event.stdout)").streams == "1\n\n"


def test_loaded_again(kernel: Kernel) -> None:
    """Loading the extension again keeps the answers and restores an overwritten function."""
    kernel.run(f"%%answer diagram\n{DRAWING}")
    ran = kernel.run(
        "check = 3\nfrom graders.notebook.magics import load_ipython_extension as load\nload(get_ipython())"
    )
    assert ran.error is None
    assert "20 of 20 points" in kernel.run('check("diagram")').html


def test_progress(kernel: Kernel) -> None:
    """progress shows every exercise with its score."""
    kernel.run(f"%%answer deployment\n{DEPLOYMENT}")
    kernel.run("%%answer diagram\n// later")
    plain = kernel.run("progress()").plain
    assert "✔ deployment      30 of 30 points" in plain
    assert "○ diagram" in plain
    assert f"30 of {EVERYTHING:g} points" in plain
    assert "hello           for practice, no points" in plain


def test_choices(kernel: Kernel) -> None:
    """Choices are kept with the names of their items, and an unknown word gets a suggestion."""
    assert kernel.run("%%answer hello\ntoday: curiositious").plain.startswith("Kept: today.")
    checked = kernel.run('check("hello")')
    assert checked.error == ["✘ hello: for practice, no points. Next: How you are today."]
    assert "Did you mean “curious”?" in checked.html
    kernel.run("%%answer hello\ntoday: curious")
    checked = kernel.run('check("hello")')
    assert checked.error is None
    assert "0 of 0" not in checked.html + checked.plain
    assert "<meter" not in checked.html


def test_world(kernel: Kernel) -> None:
    """world shows which world judges, and how to get a real cluster."""
    said = kernel.run("world()")
    assert said.error is None
    assert "The simulated cluster judges here. It behaves as Kubernetes v1." in said.plain
    assert "cluster" in said.plain.splitlines()[1]


@pytest.mark.parametrize("section", sorted({e.section for e in exercises()}))
def test_every_notebook_runs(section: str, tmp_path: Path) -> None:
    """Each notebook without answers runs from top to bottom in a new kernel without an error or a warning."""
    # tests/graders/application_platform/test_sections.py runs the demonstrations, with the solutions.
    released = jupytext.read(ROOT / "notebooks/application-platform" / f"{section}.ipynb")
    solved = jupytext.read(ROOT / "solutions/application-platform" / f"{section}.py")
    same = {cell.source for cell in solved.cells}
    ours = ("%load_ext", "check(", "hint(", "progress(", "world(")
    kernel = Kernel(tmp_path)
    try:
        for cell in released.cells:
            if cell.cell_type == "code" and (cell.source not in same or cell.source.startswith(ours)):
                ran = kernel.run(cell.source)
                assert ran.error is None, (cell.source, ran.error)
                assert "Warning" not in ran.streams
    finally:
        kernel.end()


def test_saved_but_not_run(tmp_path: Path) -> None:
    """After a restart, check asks to run a saved answer's cell, and progress reads the answer from the file."""
    notebook = jupytext.read(ROOT / "solutions/application-platform/06-hands-on.py")
    nbformat.write(notebook, tmp_path / "06-hands-on.ipynb")
    kernel = Kernel(tmp_path)
    try:
        kernel.run("%load_ext graders.notebook")
        checked = kernel.run('check("deployment")')
        assert checked.error is not None
        assert "hasn't run since this notebook was opened" in checked.error[0]
        assert f"50 of {EVERYTHING:g} points" in kernel.run("progress()").plain
    finally:
        kernel.end()


def test_changed_since_it_ran(tmp_path: Path) -> None:
    """The card begins with a remark only if the saved cell has changed since it ran."""
    path = tmp_path / "06-hands-on.ipynb"
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(f"%%answer diagram\n{DRAWING}")]
    nbformat.write(notebook, path)
    os.utime(path, (0, 0))
    kernel = Kernel(tmp_path)
    try:
        kernel.run("%load_ext graders.notebook")
        kernel.run("%%answer diagram\ndigraph { a -> b }")
        assert "has changed since" not in kernel.run('check("diagram")').plain
        os.utime(path, (2**31, 2**31))
        checked = kernel.run('check("diagram")')
        assert "In 06-hands-on.ipynb the cell has changed since then: run it, and check again." in checked.html
        kernel.run(f"%%answer diagram\n{DRAWING}")
        assert "has changed since" not in kernel.run('check("diagram")').plain
    finally:
        kernel.end()


def test_how_to_get_a_real_cluster(kernel: Kernel) -> None:
    """Without a kind cluster, the card says in one line how to get one, except with on="simulated"."""
    kernel.run(f"%%answer deployment\n{DEPLOYMENT}")
    assert kernel.run('check("deployment")').html.count("workbook cluster up") == 1
    assert "workbook cluster up" not in kernel.run('check("deployment", on="simulated")').html
    kernel.run(f"%%answer daily-report\n{CRON_JOB}")
    assert kernel.run('check("daily-report")').html.count("workbook cluster up") == 1
    kernel.run("%%answer daily-report\nkind: CronJob\n")
    assert "workbook cluster up" not in kernel.run('check("daily-report")').html


def test_on_kind_without_one(kernel: Kernel) -> None:
    """With on="kind" and no cluster, the answer is *not judged*, and one line has the reason and the next step."""
    checked = kernel.run(f'check("deployment", {DEPLOYMENT!r}, on="kind")')
    assert "not judged" in checked.html
    assert "workbook cluster up" in checked.html
    assert checked.error is not None
    assert len(checked.error) == 1
    assert "kubeconfig has no context kind-workbook" in checked.error[0]


def test_a_context(kernel: Kernel) -> None:
    """A check or the environment of a running kernel can name a cluster's context; a context without effect is an error."""
    named = kernel.run(f'check("deployment", {DEPLOYMENT!r}, context="department")')
    assert "kubeconfig has no context department" in (named.error or [""])[0]
    by_variable = f'%env WORKBOOK_CONTEXT=elsewhere\ncheck("deployment", {DEPLOYMENT!r}, on="kind")'
    assert "kubeconfig has no context elsewhere" in (kernel.run(by_variable).error or [""])[0]
    kernel.run("import os; del os.environ['WORKBOOK_CONTEXT']")
    for call, said in (
        ('check("deployment", on="simulated", context="department")', "a context alone means kind"),
        ('check("diagram", context="department")', "doesn't run on a cluster"),
        ('run("diagram", "digraph { api }", context="department")', "kubeconfig has no context department"),
    ):
        assert said in (kernel.run(call).error or [""])[0]


def test_a_world_that_there_is_not(kernel: Kernel) -> None:
    """An unknown world is an error of one line before anything runs, with the known worlds."""
    checked = kernel.run('check("deployment", on="mars")')
    assert checked.error is not None
    assert "simulated and kind" in "".join(checked.error)
    assert checked.html == ""


def test_picture(kernel: Kernel) -> None:
    """picture shows a lesson's drawing as a figure, and as text without HTML."""
    ran = kernel.run('picture("three-kinds")')
    assert ran.error is None
    assert "<figure" in ran.html
    assert ran.plain.startswith("Three kinds of service")
    assert "Did you mean “shutdown”?" in (kernel.run('picture("shutdwn")').error or [""])[0]


def test_kept(kernel: Kernel) -> None:
    """%%answer describes an answer that isn't a manifest in the exercise's words."""
    assert (
        "Kept: 1 of 17 fields." in kernel.run("%%answer contract\nhealth: {liveness: /healthz, readiness: ...}").plain
    )


def test_not_understood(kernel: Kernel) -> None:
    """The answer cell lists at once the lines that aren't understood, with line numbers and the right format."""
    ran = kernel.run("%%answer contract\nshutdown:\n  signal: ignores SIGTERM\n  exit-code: no\n")
    assert "Kept: 0 of 17 fields. Not understood:" in ran.plain
    assert "line 3: signal “ignores SIGTERM” isn't understood. Write it as one of SIGHUP" in ran.plain
    assert "line 4: exit-code “no” isn't understood. Write it as a whole number" in ran.plain


def test_remarks_are_kept(kernel: Kernel) -> None:
    """%%answer counts the remarks of a review."""
    assert "Kept: 1 remark." in kernel.run("%%answer review\n- {field: replicas, term: limits}").plain


def test_run(kernel: Kernel) -> None:
    """run wires the shop as drawn: orders are accepted, and without an arrow to the queue no email is sent."""
    # tests/graders/application_platform/test_sections.py runs a whole shop, with the last notebook's solution.
    pytest.importorskip("psycopg", reason="the shop's own requirements aren't installed")
    if lacking := missing():
        pytest.skip(f"{lacking[0]} can't be had here")
    kernel.run(f"%%answer diagram\n{DRAWING.replace('api -> queue -> worker', 'queue -> worker')}")
    ran = kernel.run('run("diagram")')
    assert ran.error is None
    assert "20 accepted, 20 stored, 20 cached, none announced, none confirmed by email" in ran.html
    assert "Timeline of" in ran.html


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('run("deployment")', "deployment can't be run"),
        ('run("diagram", "digraph {", on="")', "last bracket"),
        ('run("diagram", on="mars")', "mars"),
        ('run("diagram", "digraph { api }", on="kind")', "kubeconfig has no context kind-workbook"),
    ],
)
def test_what_can_not_be_run(kernel: Kernel, source: str, said: str) -> None:
    """An answer that can't be run gives an error of one line with the reason."""
    ran = kernel.run(source)
    assert ran.error is not None
    assert len(ran.error) == 1
    assert said in ran.error[0]


def test_run_before_anything_is_drawn(kernel: Kernel) -> None:
    """For an answer that isn't started, run shows a message and no error."""
    kernel.run("%%answer diagram\n// to be drawn")
    ran = kernel.run('run("diagram")')
    assert ran.error is None
    assert "Nothing is written" in ran.html
