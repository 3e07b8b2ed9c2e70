"""The ``workbook`` command in this process: a Python start takes longer than most commands do."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from graders.cli.__main__ import main
from tests.support.environment import ROOT


def workbook(*arguments: str, stdin: str = "", **variables: str) -> CompletedProcess[str]:
    """Run a command as the entry point does, with these environment variables; where processes matter, start one instead."""
    out, errors, given = (
        io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="") for data in (b"", b"", stdin.encode())
    )
    before, code = Path.cwd(), 0
    os.chdir(ROOT)
    try:
        with (
            patch.dict(os.environ, variables), patch.object(sys, "argv", ["workbook", *arguments]),
            patch.object(sys, "stdin", given), redirect_stdout(out), redirect_stderr(errors),
        ):  # fmt: skip
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os.chdir(before)
    return CompletedProcess(["workbook", *arguments], code, _text(out), _text(errors))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()
