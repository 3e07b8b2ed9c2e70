"""The workbook's own drawings: complete, legible on white and on black, and described in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from cluster.errors import UsageError
from graders.application_platform import LESSON
from graders.present.pictures import pictured

ROOT = Path(__file__).parents[3]
PICTURES = LESSON.pictures()
NAMES = sorted(PICTURES)
WHITE, BLACK = 1.0, 0.0


def luminance(ink: str) -> float:
    """Relative luminance as WCAG 2 has it."""
    channels = [int(ink[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


@pytest.mark.parametrize("name", NAMES)
def test_told_in_words(name: str) -> None:
    """A drawing has a caption and an alt text with its content, and fetches nothing."""
    shown = pictured(name)
    svg = PICTURES[name].read_text()
    ET.fromstring(svg)  # noqa: S314  our own
    assert not re.search(r"href|script|url\((?!#)", svg)
    alt = re.search(r'alt="([^"]+)"', shown.html)
    assert alt
    assert len(alt[1]) > 100
    assert "<figcaption" in shown.html
    assert shown.plain.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_inks(name: str) -> None:
    """The page's ink is readable on white and on black, and white text on every filled box."""
    svg = PICTURES[name].read_text()
    page = re.search(r'<svg[^>]* fill="(#\w{6})"', svg)
    assert page
    assert contrast(luminance(page[1]), WHITE) >= 3
    assert contrast(luminance(page[1]), BLACK) >= 3
    boxes = set(re.findall(r'<rect[^>]* fill="(#\w{6})"/>', svg))
    assert boxes
    for box in boxes:
        assert contrast(luminance(box), WHITE) >= 4.5


def test_every_picture_is_used() -> None:
    """Each drawing is in a notebook, and each picture of a notebook exists."""
    shown = {
        name
        for path in (ROOT / "solutions").rglob("*.py")
        for name in re.findall(r'picture\("([\w-]+)"\)', path.read_text())
    }
    assert shown == set(NAMES)


def test_unknown() -> None:
    """The error for an unknown picture names the most similar one."""
    with pytest.raises(UsageError) as raised:
        pictured("three-kind")
    assert "Did you mean “three-kinds”?" in raised.value.hint
