"""A learner's markdown is harmless to show."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from graders.gradebook import inert

HARMLESS = {
    "p", "em", "strong", "code", "pre", "a", "img", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr",
    "blockquote", "table", "thead", "tbody", "tr", "th", "td", "del", "input", "div", "span", "dl", "dt", "dd",
}  # fmt: skip
PIECES = (
    "<script>", "</script>", "javascript:alert(1)", "java\tscript:", "[l](", "![i](", ")", "<", ">", "&", "&#106;", "&lt;",
    "\\", "\\:", ":", "[l]: ", "[l]", "\n", "\n\n", "`", "``", "```", "$", "$$", "|", "-", "*", "_", "data:text/html,x",
    "attachment:a", "onerror=", '"', "'", " ", "x", "http://a.b", "\\begin{a}", "\\end{a}", '"t" onclick="a', "#", "    ",
    "\x00", "<svg onload=x>", "JaVaScRiPt", "javascript\\", "\x01", "\u200b", "=", "~~", "- [ ] ", ": d",
    "```mermaid\n<script>x</script>\n```",
)  # fmt: skip


class Harmless(HTMLParser):
    """Fails on a tag, a handler or an address that could run something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        assert tag in HARMLESS
        for name, value in attrs:
            scheme = "".join(c for c in value or "" if c > " ").lower()
            assert not name.startswith("on")
            assert not scheme.startswith(("javascript:", "vbscript:", "data:"))


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_markdown(text: str) -> None:
    """Whatever markdown is written, nbgrader's rendering of it has no tag, handler or address that runs anything."""
    page = Harmless()
    page.feed(markdown2html_mistune(inert.markdown(text)))
    page.close()


def test_prose_stays_prose() -> None:
    """Headings, lists, links and code stay what they are."""
    text = "# Title\n\n- a [link](https://kubernetes.io) and `code: x`\n\n> said"
    assert inert.markdown(text) == text


def test_bounds() -> None:
    """What is shown of a learner's own cell is short; of an answer, enough to be too much."""
    assert len(inert.markdown("x" * 10**6)) < inert.SHOWN_CHARACTERS * 1.1
    assert len(inert.code("x" * 10**6)) < inert.SHOWN_CHARACTERS * 1.1
    assert len(inert.answer("x" * 10**6)) == inert.ANSWER_CHARACTERS
