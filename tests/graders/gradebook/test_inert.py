"""A learner's text is shown exactly, character by character."""

from __future__ import annotations

import time
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbconvert.filters.strings import strip_files_prefix

from cluster.limits import COMMENT_CHARACTERS, SHOWN_CHARACTERS, SHOWN_COLUMNS, SHOWN_LINES
from graders.gradebook import inert

PIECES = (
    "<script>", "</script>", "javascript:alert(1)", "java\tscript:", "[l](", "![i](", ")", "<", ">", "&", "&#106;", "&lt;",
    "\\", "\\:", ":", "[l]: ", "[l]", "\n", "\n\n", "`", "``", "```", "````", "~~~", "$", "$$", "|", "-", "*", "_",
    "data:text/html,x", "attachment:a", "onerror=", '"', "'", " ", "x", "http://a.b", "\\begin{a}", "\\end{a}",
    '"t" onclick="a', "#", "    ", "\t", "<svg onload=x>", "JaVaScRiPt", "\u200b", "=", "~~", "- [ ] ", ": d", "> ", "1. ",
    "---", "\u2028", "\u2029", "```mermaid\n<script>x</script>\n```", "</code></pre>", "é", "\n```\n", "\n   ```\n",
)  # fmt: skip
ANY = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join)


def shown(text: str) -> str:
    """The HTML that nbgrader makes of Markdown."""
    return str(strip_files_prefix(markdown2html_mistune(text)))


def html(text: str) -> str:
    """A text as mistune escapes it."""
    return escape(text).replace("&#x27;", "'")


@settings(max_examples=1500)
@given(ANY)
@example("$$\n```\n<script>\n$$")
@example("\n")
@example("\r```\r<script>")
@example("x\x0c```\x0b```\x85```\x1c```")
@example("```x`")
def test_block(text: str) -> None:
    """nbgrader renders the block of any text as one code block with exactly that text."""
    made = shown(inert.block(text))
    seen = inert.UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    whole = f"<pre><code>{html(seen)}\n</code></pre>\n" if seen.strip("\n") else ""
    if any(len(line) > SHOWN_COLUMNS for line in seen.split("\n")):
        assert made.count("<") == whole.count("<")
        made, whole = (page.replace("\n", "") for page in (made, whole))
    assert made == whole


@settings(max_examples=1500)
@given(ANY)
@example("`")
@example("```")
@example("$$x$$")
@example("1. x")
@example("http://evil.example")
@example("x\n: y")
def test_line(text: str) -> None:
    """The line of any sentence is one paragraph with exactly that sentence, as prose or as code."""
    said = " ".join(inert.UNSEEN.sub("\ufffd", text.replace("\r", "\n")).split())
    inside = html(said)
    made = shown(inert.line(text))
    assert made in {f"<p>{inside}</p>\n", f"<p><code>{inside}</code></p>\n"} if said else made == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Judged by the simulated cluster, Kubernetes v1.37.",
        "Not judged. 06-hands-on.ipynb isn't a notebook: its JSON breaks at line 1, column 12.",
        "The exercise “essay” of this check does not exist.",
    ],
)
def test_sentence_stays_a_sentence(sentence: str) -> None:
    """A sentence of ours without special characters doesn't change."""
    assert inert.line(sentence) == sentence


def test_ordinary_text_stays_as_it_is() -> None:
    """Prose, YAML and DOT of an ordinary length are shown with their columns, tabs and empty lines."""
    text = "# Title\n\n- a [link](https://kubernetes.io)\n\n\tdigraph { a -> b }\n"
    assert inert.block(text) == f"```\n{text}\n```"
    assert inert.code(text) == text


def test_bounds() -> None:
    """A cell is cut to a limit of characters and lines; an answer is cut just above its limit."""
    for text in ("x" * 10**6, "x\n" * 10**6, "\n" * 10**6 + "x", "`" * 10**6, "&" * 10**6):
        assert len(inert.code(text)) <= SHOWN_CHARACTERS + len(inert.SHORTENED) + 1
        assert inert.code(text).count("\n") <= SHOWN_LINES
        assert len(inert.block(text)) <= SHOWN_CHARACTERS * 1.2
        assert inert.code(text).endswith(inert.SHORTENED)
        assert len(inert.line(text)) <= COMMENT_CHARACTERS * 3.1
    assert len(inert.answer("x" * 10**6)) == inert.ANSWER_CHARACTERS


def test_long_lines_are_broken_at_blanks() -> None:
    """A long line is broken, if possible between words, and no character is lost."""
    prose = " ".join(["word"] * 1000)
    block = inert.block(prose).split("\n")[1:-1]
    assert "".join(block) == prose
    assert all(len(line) <= SHOWN_COLUMNS and line.endswith((" ", "word")) for line in block)
    assert "".join(inert.block("y" * 5000).split("\n")[1:-1]) == "y" * 5000


@pytest.mark.parametrize(
    "text", ["[", "[x](files/", "![x](/files/a", "`", "$", "$$", "\\begin{a}", "<", "&", "\n", " \n", "> ", "- "]
)
def test_cost(text: str) -> None:
    """The longest block of anything is rendered within a second of processor time; it takes a few hundredths."""
    block = inert.block(text * 100_000)
    began = time.process_time()
    shown(block)
    assert time.process_time() - began < 1
