"""Compare admission with kubeconform in one run: times and agreement.

``python -m benchmarks.admission [KUBECONFORM]``; KUBECONFORM is the program if it isn't on the PATH. Without it the
comparison is left out. kubeconform gets schemas from the same recording.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from cluster.admission import admit_text
from cluster.admission.decode import decode
from cluster.admission.json_schema import json_schema
from cluster.admission.schema import schema
from cluster.kubernetes import CURRENT
from cluster.manifests.documents import read
from cluster.percentile import percentile
from tests import corpus

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
CORPUS = 278


def main(program: str | None) -> None:
    """Print the times, then the agreement by category: kubeconform, our schema alone, schema and rules."""
    rows, more = (_rows(name) for name in ("admission", "admission-more"))
    began = time.perf_counter()
    schema(CURRENT)
    print(f"loading the recorded schema: {(time.perf_counter() - began) * 1e3:.1f} ms")
    taken = []
    for _ in range(ROUNDS):
        for row in rows:
            began = time.perf_counter()
            admit_text(row["manifest"])
            taken.append((time.perf_counter() - began) * 1e3)
    p95 = percentile(taken, 95)
    print(f"reading and judging a manifest, warm: median {statistics.median(taken):.2f} ms, p95 {p95:.2f} ms")
    with tempfile.TemporaryDirectory() as folder:
        other = _programs(Path(folder), [*rows, *more], program)
    _agreement(rows, other)


def _rows(name: str) -> list[dict[str, Any]]:
    return corpus.rows(name)


def _programs(folder: Path, rows: list[dict[str, Any]], program: str | None) -> dict[str, bool]:
    """Both programs on the same files, start-up and all; what kubeconform said, by file."""
    files = []
    for index, row in enumerate(rows):
        files.append(folder / f"{index:04}.yaml")
        files[-1].write_text(row["manifest"], encoding="utf-8")
    ours = [sys.executable, "-m", "graders.cli.__main__", "admit", "--format", "json", *map(str, files)]
    if program is None:
        print(f"workbook admit: {_each(ours, len(files)):.2f} ms a manifest; kubeconform isn't here: no comparison")
        return {}
    for kind in schema(CURRENT).kinds.values():
        group, _, version = kind.api_version.rpartition("/")
        name = "-".join(filter(None, (kind.name.lower(), group.split(".")[0], version)))
        (folder / f"{name}.json").write_text(json.dumps(json_schema(kind.type, schema(CURRENT))))
    theirs = [program, "-strict", "-output", "json", "-verbose", "-schema-location",
              f"{folder}/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json", *map(str, files)]  # fmt: skip
    for count in (CORPUS, len(files)):
        drop = len(files) - count
        taken = [(_each(ours[: -drop or None], count), _each(theirs[: -drop or None], count)) for _ in range(ROUNDS)]
        mine, other = (statistics.median(times) for times in zip(*taken, strict=True))
        print(f"{count} files, start-up included: workbook admit {mine:.2f} ms a manifest, kubeconform {other:.2f} ms, "
              f"ratio {mine / other:.2f} (medians of {ROUNDS}, taking turns)")  # fmt: skip
    said = json.loads(subprocess.run(theirs, capture_output=True, text=True, check=False).stdout)  # noqa: S603
    verdicts: dict[str, bool] = defaultdict(lambda: True)
    for resource in said["resources"]:
        verdicts[Path(resource["filename"]).stem] &= resource["status"] in ("statusValid", "statusSkipped")
    return verdicts


def _each(command: list[str], files: int) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    return (time.perf_counter() - began) * 1e3 / files


def _agreement(rows: list[dict[str, Any]], other: dict[str, bool]) -> None:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for index, row in enumerate(rows):
        accepted = row["verdict"] == "accepted"
        ours = admit_text(row["manifest"])[0]
        for name in (row["category"], "all"):
            found[name][0] += 1
            found[name][1] += bool(other) and other[f"{index:04}"] == accepted
            found[name][2] += _fits(row["manifest"]) == accepted
            found[name][3] += ours.accepted == accepted
    print(f"\n{'category':<16}{'rows':>6}{'kubeconform':>14}{'schema alone':>14}{'and rules':>12}")
    for name, (count, *same) in sorted(found.items(), key=lambda item: (item[0] == "all", item[0])):
        shares = [f"{100 * each / count:.0f} %" for each in same]
        print(f"{name:<16}{count:>6}{shares[0] if other else '-':>14}{shares[1]:>14}{shares[2]:>12}")


def _fits(manifest: str) -> bool:
    """Whether every document fits the recorded schema, and nothing else is asked."""
    try:
        documents = read(manifest)
    except Exception:
        return False
    for document in documents:
        kind = schema(CURRENT).kinds.get((document.get("apiVersion"), document.get("kind")))
        if kind is None:
            return False
        _, state = decode(document.data, kind.type, schema(CURRENT))
        if state.error or state.unknown or document.complaints:
            return False
    return True


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else shutil.which("kubeconform"))
