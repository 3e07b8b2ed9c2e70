"""Answers whose YAML is the attack."""

from __future__ import annotations

from collections.abc import Iterator

from cluster.limits import ANSWER_BYTES
from tests.attacks.attack import RIGHT, Attack, answer_attack, right_answer

_LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(12)
)
_MERGES = "m0: &m0 {k: v}\n" + "".join(
    f"m{n + 1}: &m{n + 1} {{<<: [{', '.join([f'*m{n}'] * 10)}]}}\n" for n in range(12)
)


def yaml() -> Iterator[Attack]:
    def bomb(name: str, text: str, of: str = "deployment", most: float | None = RIGHT) -> Attack:
        return answer_attack("YAML", name, of, text, most=most)

    right = right_answer()
    yield bomb("an alias bomb", _LAUGHS + right, most=0)
    yield bomb("a merge bomb", _MERGES + right, most=0)
    yield bomb("an alias to itself", "a: &a [*a]\n" + right)
    yield bomb("a key that is an alias to itself", "&a ? *a : 1", most=0)
    yield bomb("an alias of a long text, often", f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 10_000)}]\n" + right)
    yield bomb("20,000 anchors", "".join(f"a{n}: &a{n} 1\n" for n in range(12_000)), most=0)
    yield bomb("flow, 100,000 deep", "[" * 100_000, most=0)
    yield bomb("blocks, 600 deep", "".join(f"{' ' * n}a:\n" for n in range(600)), most=0)
    yield bomb("dashes, 100,000 deep", "- " * 100_000, most=0)
    yield bomb("question marks, 100,000 deep", "? " * 100_000, most=0)
    yield bomb("a Python object", "!!python/object/apply:os.system ['touch owned']\n", most=0)
    yield bomb("a Python name", "kind: !!python/name:os.system\n", most=0)
    yield bomb("binary", f"kind: !!binary {'A' * 100_000}\n", most=0)
    yield bomb("a tag of its own", "%TAG ! tag:evil.example,2026:\n---\nkind: !x y\n", most=0)
    yield bomb("20,000 documents", "---\n" * 20_000, most=0)
    yield bomb("10,000 keys twice", right + "".join(f"k{n % 5_000}: 1\n" for n in range(10_000)))
    yield bomb("100,000 blank lines after a right answer", right + " \n" * 100_000)
    yield bomb("100,000 empty lines after a right answer", right + "\n" * 100_000)
    yield bomb("100,000 comments after a right answer", right + "#\n" * 100_000)
    yield bomb("100,000 tabs after a right answer", right + "\t\n" * 80_000)
    yield bomb("blanks at a line's end", right.rstrip() + " " * 200_000)
    yield bomb("carriage returns", right + "\r" * 200_000)
    yield bomb("a key of 100,000 characters", right + f"{'k' * 100_000}: 1\n")
    yield bomb("an integer of 200,000 digits", right.replace("replicas: 3", f"replicas: {'9' * 200_000}"))
    yield bomb("a number in base 60", right.replace("replicas: 3", "replicas: " + "59:" * 50_000 + "59"))
    yield bomb("a time that isn't one", right.replace("replicas: 3", "replicas: 9999-99-99T99:99:99Z"))
    yield bomb("a float of 100,000 digits", right.replace("replicas: 3", "replicas: 0." + "3" * 100_000))
    yield bomb("a zero byte", right + "a: \0\n", most=0)
    yield bomb("one byte more than an answer may have", "x" * (ANSWER_BYTES + 1), most=0)
    for character in "[{-?&*\"'|>#:%@`!, \u202e\u0301é😀":
        size = ANSWER_BYTES // len(character.encode()) - 100
        yield bomb(f"256 kB of {character.encode('unicode_escape').decode()}", character * size, most=0)
