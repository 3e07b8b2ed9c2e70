"""Count what many runs of a drawing leave behind, for each way to end: processes, files, schemas. The goal is 0.

``python -m benchmarks.leftovers [RUNS] [SEED]``. Each run is a process that runs the solution's drawing. It is killed,
interrupted or terminated at a random moment, or it finishes. Needs Linux's /proc.
"""

from __future__ import annotations

import functools
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from cluster.polling import wait_until
from graders.core.registry import exercise
from tests.support.solutions import solution

ROOT = Path(__file__).resolve().parent.parent
ONE = "import sys; from graders.application_platform.exercises.diagram.run import run; run(sys.argv[1], lambda shown: None)"
ENDS = {"killed": signal.SIGKILL, "interrupted": signal.SIGINT, "asked to end": signal.SIGTERM, "came to its end": None}
LONGEST = 9.0
ENDED_WITHIN = 20.0


def main(runs: int, seed: int) -> None:
    """Run, end, and print how many processes and files each way to end has left."""
    chance = random.Random(seed)  # noqa: S311  no secret
    drawing = solution(exercise("diagram"))
    processes, files, ended = Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="leftovers-") as whole:
        Path(whole).chmod(0o755)  # PostgreSQL may run as the user nobody, which needs access
        for number in range(runs):
            how = "killed" if number % 2 else chance.choice(list(ENDS))
            folder = Path(whole, str(number))
            folder.mkdir()
            folder.chmod(0o1777)
            _one(drawing, ENDS[how], chance.uniform(0.1, LONGEST), folder)
            ended[how] += 1
            wait_until(functools.partial(_none, folder), ENDED_WITHIN, 0.05)
            processes[how] += len(_of(folder))
            files[how] += len(list(folder.iterdir()))
            if number % 10 == 9 or number == runs - 1:
                left = f"{processes.total()} processes, {files.total()} files"
                print(f"  {number + 1} of {runs} runs, left so far: {left}", flush=True)
    print(f"{runs} runs, seed {seed}")
    for how in ENDS:
        print(f"  {how:<16}{ended[how]:>4} times: {processes[how]} processes and {files[how]} files left")


def _one(drawing: str, end: signal.Signals | None, after: float, folder: Path) -> None:
    process = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-c", ONE, drawing], cwd=ROOT, env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(after if end else None)
    except subprocess.TimeoutExpired:
        if end == signal.SIGINT:
            os.killpg(process.pid, end)  # as Ctrl-C in a terminal does
        elif end is not None:
            process.send_signal(end)
        process.wait()


def _none(folder: Path) -> bool:
    return not _of(folder) and not list(folder.iterdir())


def _of(folder: Path) -> list[int]:
    """The processes of a run: its folder for temporary files is in the environment of each."""
    wanted, found = f"TMPDIR={folder}".encode(), []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:3]]
    main(*given, *(50, 7)[len(given) :])
