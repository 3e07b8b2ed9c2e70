"""The kernel of ``workbook lab``: IPython's kernel, with ``check`` and ``%%answer`` loaded before the first cell runs.

The server of ``workbook lab`` finds it in ``graders/notebook/jupyter/kernels`` and changes no profile of the learner. The
kernel imports the workbook before it adds the notebook's folder to the import path: that folder may be a submission.
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
        """Load the learner's profile and the workbook. If the workbook fails to load, the kernel starts without it."""
        super().init_extensions()
        try:
            notebook.load_ipython_extension(self.shell)
        except Exception:
            log.exception("the workbook could not be loaded; %%load_ext graders.notebook says why")


if __name__ == "__main__":
    # The notebook's folder is last: its modules can be imported, but replace no other module.
    sys.path.append("")
    WorkbookKernel.launch_instance()
