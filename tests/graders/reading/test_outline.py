"""How an answer is written: values with their places, the order of keys, comments."""

from __future__ import annotations

from graders.reading.dot.drawing_outline import dot_outline
from graders.reading.outline import Comment, Value, yaml_outline

ANSWER = """\

# the whole answer
spec:
  name: "my # shop"  # not a fruit
  ports:
  - {port: 8080, name: 'web'}
  steps: [b, a]
"""


def test_values() -> None:
    """A value has the names above it, its line, and its quotation marks; the number of a list's item isn't part of its place."""
    assert yaml_outline(ANSWER).values == (
        Value(("spec", "name"), "my # shop", 4, '"my # shop"'),
        Value(("spec", "ports", "-", "port"), "8080", 6),
        Value(("spec", "ports", "-", "name"), "web", 6, "'web'"),
        Value(("spec", "steps", "-"), "b", 7),
        Value(("spec", "steps", "-"), "a", 7),
    )


def test_order() -> None:
    """The order of the keys of each mapping and of the words of each list is kept."""
    assert [(one.place, one.names) for one in yaml_outline(ANSWER).orderings] == [
        ((), ("spec",)),
        (("spec",), ("name", "ports", "steps")),
        (("spec", "ports", "-"), ("port", "name")),
        (("spec", "steps", "-"), ("b", "a")),
    ]


def test_comments() -> None:
    """A comment is found above and behind a value; a sign in quotation marks or inside a word begins none."""
    assert yaml_outline(ANSWER).comments == (Comment("the whole answer", 2), Comment("not a fruit", 4))
    assert yaml_outline("a: b#c\n#\n'x # y': 1\n").comments == ()
    assert yaml_outline("a: it's # said\n").comments == (Comment("said", 1),)


def test_a_text_that_is_not_yaml() -> None:
    """The lines of a text that can't be read are its values, and its comments are found nevertheless."""
    outline = yaml_outline("a: [\n  b: {  # oops\n")
    assert [value.text for value in outline.values] == ["a: [", "b: { # oops"]
    assert outline.comments == (Comment("oops", 2),)


DRAWING = """\
digraph shop { // the shop
  rankdir=LR; node [shape=box]
  api [label="Orders API"]
  api -> "my db" -> q
  /* not
     yet */ q -> api [label = "later"];
}
"""


def test_drawing() -> None:
    """A drawing's values are its attributes, its names are those of nodes and all labels, each with its line."""
    outline = dot_outline(DRAWING)
    assert [(value.place, value.text, value.line) for value in outline.values] == [
        (("rankdir",), "LR", 2),
        (("shape",), "box", 2),
    ]
    assert [(name.text, name.line, name.written) for name in outline.names] == [
        ("api", 3, ""), ("my db", 4, ""), ("q", 4, ""), ("Orders API", 3, '"Orders API"'), ("later", 6, '"later"'),
    ]  # fmt: skip
    assert outline.comments == (Comment("the shop", 1), Comment("not yet", 5))


def test_shape_of_a_drawing() -> None:
    """The order of a drawing's statements has numbers in place of names, so it stays when all parts are renamed."""
    (before,) = dot_outline(DRAWING).orderings
    (after,) = dot_outline(DRAWING.replace("api", "front").replace("my db", "store").replace("q", "mail")).orderings
    assert before.names == ("1", "1", "1 -> 2", "2 -> 3", "3", "3 -> 1")
    assert before.lines == (3, 4, 4, 4, 6, 6)
    assert before == after


def test_a_text_that_is_no_drawing() -> None:
    """Any text has an outline as a drawing."""
    assert dot_outline("").names == ()
    assert [name.text for name in dot_outline("digraph { a [bold] }").names] == ["a"]
    assert [name.text for name in dot_outline('digraph { a -> "b').names] == ["a", '"b']
