"""Control sequences for a terminal, in each kind of answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graders.core.registry import exercise
from tests.attacks.attack import Attack, answer_attack, right_answer

SEQUENCES: dict[str, str] = {
    "OSC 52": "\x1b]52;c;b3duZWQ=\x07",
    "a title": "\x1b]0;owned\x07",
    "a link": "\x1b]8;;http://evil.example\x07x\x1b]8;;\x07",
    "clearing the screen": "\x1b[2J\x1b[H",
    "C1 controls": "\x9b2J\x9d52;c;b3duZWQ=\x9c",
    "a device's string": "\x1bPq\x1b\\",
    "carriage returns": "\r✔ 30 of 30\r",
    "backspaces": "\b" * 30,
    "a right-to-left override": "\u202e03 fo 03",
    "isolates": "\u2066\u2067\u2068\u2069",
    "a bell": "\a" * 100,
    "marks without end": "a" + "\u0301" * 1_000,
}


def terminal() -> Iterator[Attack]:
    def quoted(text: str) -> str:
        return json.dumps(text)

    right = right_answer()
    for name, text in SEQUENCES.items():
        for where, of, answer in (
            ("a key", "deployment", right + f"{quoted(text)}: 1\n"),
            ("a value", "deployment", right.replace("replicas: 3", f"replicas: {quoted(text)}")),
            ("a label", "diagram", f'digraph {{ api -> postgres; n [label="{text}"]; api -> n }}'),
            ("a choice", "kinds", f"seat-map: {{kind: {quoted(text)}}}\n{quoted(text)}: {{kind: api}}\n"),
            ("a step", "worker-plan", f"steps: [{quoted(text)}, receive]\n"),
        ):
            yield answer_attack("terminal", f"{name} in {where}", of, answer, most=exercise(of).points)
