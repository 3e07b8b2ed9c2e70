"""Names of students' folders, and of files in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.attacks.attack import RIGHT, Attack, Expect, Make, put, right_notebook
from tests.support.course import released

FOLDER_NAMES: dict[str, str] = {
    "a name from Windows that isn't UTF-8": "M\udcfcller",
    "bytes that are never UTF-8": "\udcff\udcfe\udc80",
    "half of a character": "z\udce2\udc82",
    "a line end": "mal\nlory",
    "a carriage return": "mal\rlory",
    "a tab": "\tmallory",
    "an escape sequence": "mal\x1b[2Jlory",
    "OSC 52": "mal\x1b]52;c;b3duZWQ=\x07lory",
    "a C1 control": "mal\x9b2Jlory",
    "DEL": "mal\x7flory",
    "a right-to-left override": "mal\u202eyrol",
    "an isolate that isn't closed": "mal\u2067lory",
    "a zero-width space": "ad\u200ba",
    "Cyrillic letters": "аdа",
    "a line separator": "mal\u2028lory",
    "an image that fails": "<img src=x onerror=alert(1)>",
    "an image in quotes": '"><img src=x onerror="fetch(`evil`)">',
    "an attribute": "' onmouseover='alert(1)",
    "a script": "<script>alert(1)<script>",
    "an entity": "&lt;img src=x onerror=alert(1)&gt;",
    "an address": "javascript:alert(1)",
    "a Jinja expression": "{{ 7*7 }}{{ config }}",
    "a Jinja statement": "{% raise %}",
    "a format of nbgrader's": "{assignment_id}",
    "a format's attribute": "{0.__class__}",
    "percent formats": "%s%n%(here)s",
    "a wildcard": "*",
    "wildcards": "a??[a-z]*",
    "braces of a shell": "{ada,ben}",
    "SQL": "'; DROP TABLE student;--",
    "a shell's command": "$(touch owned)",
    "a shell's quote": "`touch owned`;touch owned|touch owned",
    "an option": "--force",
    "an option with a value": "--Autograde.exporter_class=evil",
    "dots": "...",
    "a parent folder, almost": "..ada",
    "a dot at the end": "ada.",
    "a space in front": " ada",
    "a space at the end": "ada ",
    "a tilde": "~root",
    "a backslash": "..\\..\\ada",
    "a drive": "C:ada",
    "a device of Windows": "CON",
    "255 bytes": "m" * 255,
    "255 bytes of two-byte letters": "é" * 127,
    "a comma": "ada,100",
    "a quote": 'ada",100,"',
    "a formula": "=1+1",
    "a hyperlink formula": '=HYPERLINK("http:evil.example","ada")',
    "a DDE formula": "=cmd|' C calc'!A0",
    "a plus": "+1+1",
    "a minus": "-1+1",
    "an at sign": "@SUM(1)",
    "a full-width formula": "＝1+1",
    "an emoji": "👩🏽‍💻",
    "many marks on a letter": "a" + "\u0301" * 100,
    "the gradebook": "gradebook.db",
    "the configuration": "nbgrader_config.py",
    "Python's cache": "__pycache__",
}
REPORTED_NAMES = (
    "a line end", "a carriage return", "an escape sequence", "OSC 52", "a C1 control", "DEL", "an image that fails",
    "an image in quotes", "a script", "an entity", "a wildcard", "wildcards", "a right-to-left override",
)  # fmt: skip

FILE_NAMES: dict[str, str] = {
    "a file that isn't UTF-8": "M\udcfcller.ipynb",
    "a file with a line end": "06-hands-on\n.ipynb",
    "a file with OSC 52": "06-hands-on\x1b]52;c;b3duZWQ=\x07.ipynb",
    "a file with a right-to-left override": "06-hands-on\u202ebnypi.ipynb",
    "a file with HTML": "<img src=x onerror=alert(1)>.ipynb",
    "a file with a format": "{notebook_id}%s.ipynb",
    "a file with a wildcard": "*.ipynb",
    "a file of 255 bytes": "n" * 249 + ".ipynb",
    "a file with a formula": "=1+1.ipynb",
}


def names() -> Iterator[Attack]:
    for name, student in FOLDER_NAMES.items():
        expect: Expect = "reported" if name in REPORTED_NAMES else "either"
        yield Attack("names", name, lambda _course, folder: right_notebook(folder), expect, RIGHT, student)

    def twins(_course: Path, folder: Path) -> None:
        right_notebook(folder)
        put(folder.with_name(folder.name.swapcase()), released())

    yield Attack("names", "twins but for the case", twins, most=RIGHT, student="Mallory")

    def normal_forms(_course: Path, folder: Path) -> None:
        right_notebook(folder)
        put(folder.with_name("Mu\u0308ller"), released())

    yield Attack("names", "twins but for the normal form", normal_forms, most=RIGHT, student="M\u00fcller")

    def beside(filename: str) -> Make:
        def placed(_course: Path, folder: Path) -> None:
            right_notebook(folder)
            put(folder, released(), filename)

        return placed

    for name, filename in FILE_NAMES.items():
        yield Attack("names", name, beside(filename), most=RIGHT)
