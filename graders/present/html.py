"""Where every piece of HTML comes from: templates that escape whatever is put into them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from cluster.text import printable
from graders.present.words import FOLLOWS, GLYPH, number


@cache
def templates() -> Environment:
    """The templates beside this module; autoescape is on, and an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader("graders.present"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=_printable,
    )  # fmt: skip
    environment.filters["number"] = number
    environment.globals |= {"GLYPH": GLYPH, "FOLLOWS": FOLLOWS}
    return environment


def _printable(value: object) -> object:
    """What is put into a template: text without what can't be seen, which an SVG with control characters isn't."""
    return printable(value, keep="\n") if isinstance(value, str) and not isinstance(value, Markup) else value


def render(template: str, **values: object) -> Markup:
    """A template filled in; what comes out is safe to put into another template."""
    return Markup(templates().get_template(template).render(**values))  # noqa: S704  the templates escape


def templates_beside(module: str) -> Callable[..., Markup]:
    """``render`` for the templates that stand beside a module, given as its ``__file__``, and for the shared ones.

    The environment is the same one: what they are filled with is escaped, and an unknown name is an error.
    """

    @cache
    def environment() -> Environment:
        shared = templates()
        return shared.overlay(loader=ChoiceLoader([FileSystemLoader(Path(module).parent), shared.loader]))  # type: ignore[list-item]

    def render_beside(template: str, **values: object) -> Markup:
        return Markup(environment().get_template(template).render(**values))  # noqa: S704  the templates escape

    return render_beside


def picture(svg: str, alt: str, caption: str = "", least: int = 0) -> Markup:
    """An SVG as a figure with alt text. As an image it can neither run a script nor fetch anything.

    Where there is less room it becomes narrower, down to ``least`` pixels; then it is scrolled.
    """
    data = base64.b64encode(svg.encode()).decode()
    return render("picture.html", data=data, alt=alt, caption=caption, least=least)
