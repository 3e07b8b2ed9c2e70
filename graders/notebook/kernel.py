"""The kernel of ``workbook lab``: IPython's own, with ``check`` and ``%%answer`` there before the first cell runs.

The server of ``workbook lab`` finds it in ``graders/notebook/jupyter/kernels``; no profile of the learner's is touched. The workbook is imported before the folder of the notebook can be: that may be a submission.
"""

from __future__ import annotations

import logging
import sys

from ipykernel.kernelapp import IPKernelApp

from graders.notebook import magics as notebook

log = logging.getLogger(__name__)


class WorkbookKernel(IPKernelApp):
    """IPython's kernel, in which the workbook is loaded."""

    def init_extensions(self) -> None:
        """Load what the learner's profile says, and the workbook. A kernel without it is better than none."""
        super().init_extensions()
        try:
            notebook.load_ipython_extension(self.shell)
        except Exception:
            log.exception("the workbook could not be loaded; %%load_ext graders.notebook says why")


if __name__ == "__main__":
    # The notebook's folder is last: its modules can be imported, and take nothing's place.
    sys.path.append("")
    WorkbookKernel.launch_instance()
