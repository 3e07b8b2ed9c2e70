"""Which folder's name may become a student's id in the gradebook."""

from __future__ import annotations

import pytest

from graders.gradebook.student_names import name_problem


@pytest.mark.parametrize(
    "name",
    [
        "ada",
        "Müller",
        "O'Brien, A. (2)",
        "ada.l+x@example.org",
        "山田 太郎",
        "s1234567",
        "-x",
        "Ünal_2026-1",
        "नमस्ते",
        "O’Brien",
        "Gal·la",
        "ג׳ורג׳",
        "Ann–Lee",
    ],
)
def test_peoples_names(name: str) -> None:
    """Names of people, accounts and addresses are allowed, in any script."""
    assert name_problem(name) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("M\udcfcller", "isn't UTF-8"),
        ("<img src=x onerror=alert(1)>", "the character <"),
        ('a" onmouseover="x', 'the character "'),
        ("a&lt;b", "the character &"),
        ("a\\u003cb", "the character \\"),
        ("{{x}}", "the character {"),
        ("a%2f..", "the character %"),
        ("=1+1", "the character ="),
        ("' onmouseover='alert(1)", "the character ="),
        ("a:b", "the character :"),
        ("a#b", "the character #"),
        ("a/b", "the character /"),
        ("a`b", "the character `"),
        ("ada\nben", "invisible"),
        ("\x1b]52;c;x\x07", "invisible"),
        ("ada\u202e", "invisible"),
        ("ada\u200b", "invisible"),
        ("a\u2028b", "invisible"),
        ("ada\u3164", "invisible"),
        ("ada\ufe0f", "invisible"),
        ("ada\u2800", "invisible"),
        ("\u0301x", "a combining mark"),
        ("a[b]", "*, ? or ["),
        ("a*", "*, ? or ["),
        ("ada ", "a space at the beginning or the end"),
        (" ada", "a space at the beginning or the end"),
    ],
)
def test_other_names(name: str, said: str) -> None:
    """Characters with a meaning in a page, a pattern, a path or a terminal are refused, with a next step."""
    assert said in name_problem(name)
    assert "Rename it." in name_problem(name)
