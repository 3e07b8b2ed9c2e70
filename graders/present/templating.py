"""All HTML comes from templates that escape their values."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from cluster.text import printable
from cluster.text.amounts import format_number, format_points, format_score
from graders.present.words import FOLLOWS, GLYPH


@cache
def templates() -> Environment:
    """The templates beside this module; autoescape is on, and an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader("graders.present"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=_printable,
    )  # fmt: skip
    environment.filters |= {"number": format_number, "points": format_points, "score_of": format_score}
    environment.globals |= {"GLYPH": GLYPH, "FOLLOWS": FOLLOWS}
    return environment


def _printable(value: object) -> object:
    """A template's value: texts without unprintable characters, because control characters make an SVG invalid."""
    return printable(value, keep="\n") if isinstance(value, str) and not isinstance(value, Markup) else value


def render(template: str, **values: object) -> Markup:
    """A rendered template, which is safe to insert into another template."""
    return Markup(templates().get_template(template).render(**values))  # noqa: S704  the templates escape


def templates_beside(module: str) -> Callable[..., Markup]:
    """``render`` for the templates beside a module, given as its ``__file__``, and for the shared templates.

    The settings are those of ``templates``: values are escaped, and an unknown name is an error.
    """

    @cache
    def environment() -> Environment:
        shared = templates()
        return shared.overlay(loader=ChoiceLoader([FileSystemLoader(Path(module).parent), shared.loader]))  # type: ignore[list-item]

    def render_beside(template: str, **values: object) -> Markup:
        return Markup(environment().get_template(template).render(**values))  # noqa: S704  the templates escape

    return render_beside


def picture(svg: str, alt: str, caption: str = "", least: int = 0) -> Markup:
    """An SVG as a figure with alt text. As an image it can neither run a script nor load anything.

    In a narrow page it shrinks down to ``least`` pixels; below that it scrolls.
    """
    data = base64.b64encode(svg.encode()).decode()
    return render("picture.html", data=data, alt=alt, caption=caption, least=least)
