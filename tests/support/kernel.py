"""A Jupyter kernel that runs cells as an editor would."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.manager import start_new_kernel

from graders.notebook.magics import TARGET
from tests.support.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Ran:
    """The outputs of a cell, and the lines of its error if it failed."""

    html: str = ""
    plain: str = ""
    error: list[str] | None = None
    streams: str = ""
    kinds: list[str] = field(default_factory=list)


class Kernel:
    def __init__(self, folder: Path) -> None:
        self.manager, self.client = start_new_kernel(
            startup_timeout=PATIENCE, cwd=str(folder), env=self._environment(folder)
        )

    @staticmethod
    def _environment(folder: Path) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / ".ipython")}

    def run(self, source: str, cell: str = "") -> Ran:
        """Run a cell, with that id if given."""
        ran = Ran()

        def hear(message: dict[str, Any]) -> None:
            kind, content = message["msg_type"], message["content"]
            if kind in ("display_data", "execute_result", "update_display_data"):
                ran.kinds.append(kind)
                ran.html += content["data"].get("text/html", "")
                ran.plain += content["data"].get("text/plain", "")
            elif kind == "error":
                ran.error = content["traceback"]
            elif kind == "stream":
                ran.streams += content["text"]

        if cell:
            self._marked(cell)
        try:
            self.client.execute_interactive(source, output_hook=hear, timeout=PATIENCE, allow_stdin=False)
        finally:
            self.client.session.__dict__.pop("msg", None)
        return ran

    def _marked(self, cell: str) -> None:
        """Add the cell's id to the next request, as JupyterLab does."""
        session = self.client.session
        made = type(session).msg
        session.__dict__["msg"] = lambda *args, **kw: made(session, *args, **kw, metadata={"cellId": cell})

    def show(self, cell: str, *cells: dict[str, Any]) -> None:
        """Send the editor's cells before a cell runs, as the JupyterLab extension does."""
        data = {"cell": cell, "cells": cells}
        content = {"comm_id": f"shown-{cell}", "target_name": TARGET, "data": data}
        self.client.shell_channel.send(self.client.session.msg("comm_open", content))

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
