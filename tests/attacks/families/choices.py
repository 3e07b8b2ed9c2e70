"""Choices, plans and forms with too many parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graders.core.registry import exercise
from tests.attacks.attack import Attack, answer_attack


def choices() -> Iterator[Attack]:
    def answer(name: str, of: str, text: str, **more: Any) -> Attack:
        return answer_attack("choices", name, of, text, most=exercise(of).points, **more)

    for of in ("boundaries", "bill", "kinds", "databases", "interactions", "review", "contract", "request"):
        yield answer(f"{of}: 10,000 items", of, "".join(f"i{n}: {{kind: api}}\n" for n in range(10_000)))
        yield answer(f"{of}: a word of 200 kB", of, f"a: {'w' * 200_000}\n")
    yield answer(
        "every kind at once",
        "kinds",
        "seat-map: {kind: [api, worker, scheduled], deadline: [500ms, nobody-waits], scale-on: [requests, queue-depth]}\n",
    )
    yield answer(
        "a boundary that is right in every way",
        "boundaries",
        "recipe-box: {choose: [monolith, microservices], because: [small-team, early-product]}\n",
    )
    for of in ("worker-plan", "shutdown-plan"):
        yield answer(f"{of}: a step 5,000 times", of, "steps:\n" + "  - receive\n" * 5_000)
        yield answer(
            f"{of}: every step twice",
            of,
            "steps: [receive, record, send, ack, receive, record, send, ack, receive, record, send, ack]\n",
        )
        yield answer(f"{of}: steps in steps", of, "steps: " + "[" * 50 + "receive" + "]" * 50 + "\n")
        yield answer(f"{of}: a command", of, "steps: ['$(touch owned)', \"__import__('os').system('touch owned')\"]\n")
    huge = "9" * 3_000
    yield answer(
        "amounts of 3,000 digits",
        "request",
        f"provisioning: {{version: {huge}, storage: {huge}Ei, standbys: {huge}}}\nbackups: {{full-every: {huge} years}}\n",
    )
    yield answer(
        "exponents",
        "request",
        "provisioning: {version: 1e999999999, storage: 1e999999999Gi}\nrotation: {every: 1e999999999 days, overlap: 1e-999999999 h}\n",
    )
    yield answer("a window of a million words", "request", f"patching: {{window: {'Tue ' * 60_000}02:00-04:00 UTC}}\n")
    yield answer("digits of another script", "request", "pooling: {client-connections: ١٢٣٤, server-connections: ⅷ}\n")
    yield answer(
        "a text against a greedy reader",
        "request",
        f"patching: {{window: {'02:00-' * 30_000}}}\nalerts: {{connections: {'(' * 30_000}}}\n",
    )
