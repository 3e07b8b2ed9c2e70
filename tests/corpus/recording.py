"""Verdicts, recorded row by row, so that an interrupted recording can continue.

Rows that are recorded wait in a file of their own, ``NAME.jsonl.part``, until all are there. Beside a corpus's verdicts
``server.json`` says which server they are of, and of which manifests.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from tests import corpus

Row = dict[str, Any]
SERVER = "server.json"


def due(name: str, minor: str, server: str) -> list[Row]:
    """The manifests of a corpus that have no verdict of that server yet, or that were changed since."""
    if _stamps(minor).get(name) == _stamp(name, server):
        return []
    known = {row["id"] for row in _waiting(name, minor, server)}
    return [row for row in corpus.manifests(name) if row["id"] not in known]


def record(name: str, minor: str, server: str, ask: Callable[[str], Row], told: Callable[[str], object]) -> None:
    """Ask for the verdicts that are due, and keep them.

    ``told`` is called with each manifest's id, and ``ask`` returns its verdict. If ``ask`` raises an error, the
    earlier verdicts stay.
    """
    left = due(name, minor, server)
    part = _part(name, minor)
    rows = _waiting(name, minor, server)
    write_whole(part, _lines([_stamp(name, server), *rows]))
    with part.open("a", encoding="utf-8") as file:
        for row in left:
            rows.append({"id": row["id"], **ask(row["manifest"])})
            file.write(_lines(rows[-1:]))
            file.flush()
            told(row["id"])
    _finish(name, minor, server, {row["id"]: row for row in rows})


def again(name: str, minor: str) -> None:
    """Mark every verdict of a corpus as due."""
    _part(name, minor).unlink(missing_ok=True)
    _keep_stamps(minor, {one: stamp for one, stamp in _stamps(minor).items() if one != name})


def servers(minor: str) -> dict[str, str]:
    """The server versions of a minor's verdicts, by corpus."""
    return {name: stamp["server"] for name, stamp in _stamps(minor).items()}


def write_whole(path: Path, text: str) -> None:
    """Write a file completely, or keep the existing one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two verdicts say the same in any order: the server iterates over maps in a random order."""
    return (one["status"], _said(one)) == (other["status"], _said(other))


def _said(row: Mapping[str, Any]) -> Any:
    causes = Counter((c["field"], c["reason"], c["message"]) for c in row["causes"])
    return causes or row["message"], Counter(row.get("warnings", ()))


def _finish(name: str, minor: str, server: str, rows: dict[str, Row]) -> None:
    # The order of a map's keys is chance: a row of the same server that says the same stays as it was.
    file, stamps = corpus.verdicts_file(name, minor), _stamps(minor)
    before = {row["id"]: row for row in _read(file)} if stamps.get(name, {}).get("server", server) == server else {}
    kept = [before[key] if key in before and same(row, before[key]) and "warnings" in before[key] else row
            for key, row in ((m["id"], rows[m["id"]]) for m in corpus.manifests(name))]  # fmt: skip
    write_whole(file, _lines(kept))
    _keep_stamps(minor, stamps | {name: _stamp(name, server)})
    _part(name, minor).unlink(missing_ok=True)


def _waiting(name: str, minor: str, server: str) -> list[Row]:
    """The rows of an interrupted recording, if it was of this server and these manifests."""
    stamp, *rows = _read(_part(name, minor)) or [{}]
    return rows if stamp == _stamp(name, server) else []


def _read(file: Path) -> list[Row]:
    rows: list[Row] = []
    if file.exists():
        for line in file.read_text(encoding="utf-8").split("\n"):
            try:
                rows.append(json.loads(line))
            except ValueError:  # a line that was being written when all ended, or the end of the file
                break
    return rows


def _part(name: str, minor: str) -> Path:
    return corpus.verdicts_file(name, minor).with_suffix(".jsonl.part")


def _stamp(name: str, server: str) -> dict[str, str]:
    written = "\n".join(f"{row['id']} {row['manifest']}" for row in corpus.manifests(name))
    return {"server": server, "manifests": hashlib.sha256(written.encode()).hexdigest()}


def _stamps(minor: str) -> dict[str, dict[str, str]]:
    file = corpus.verdicts_file("", minor).with_name(SERVER)
    stamps: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return stamps


def _keep_stamps(minor: str, stamps: dict[str, dict[str, str]]) -> None:
    file = corpus.verdicts_file("", minor).with_name(SERVER)
    write_whole(file, json.dumps(stamps, indent=1, sort_keys=True) + "\n")


def _lines(rows: Iterable[Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
