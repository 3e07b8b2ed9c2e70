"""What ``workbook lab`` adds to Jupyter's server: a course's submissions configure nothing, and their names are text.

It also has a kernel of its own, in which the workbook is loaded.

Stock servers read configuration in two places. jupytext looks for its settings in the folder of the notebook that is opened, and in
that notebook's metadata, which may name a file elsewhere in the course to write to. And formgrader loads, and so executes,
the ``nbgrader_config.py`` of a folder that its address names, which any link can.

formgrader puts names of folders into its pages as the HTML that they hold, and so does any link to
``/formgrader/manage_students/...`` with its own end. Its answers to scripts are HTML to a browser, too.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.utils import url_path_join
from jupytext import AsyncTextFileContentsManager
from markupsafe import Markup, escape
from nbgrader.server_extensions.formgrader.handlers import FormgraderHandler
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

from graders.gradebook.course import SUBMISSIONS

KERNELS = Path(__file__).parent / "jupyter/kernels"
PAGE = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
NO_PAGE = "default-src 'none'; sandbox"
DATA = re.compile(r"api/|submissions/[^/]+/.")
"""Below formgrader's address: its answers to scripts, and the files that lie beside a submitted notebook."""


class Contents(AsyncTextFileContentsManager):  # type: ignore[misc]
    """Files as jupytext has them, and submissions as they are: Jupyter's own way, without pairing and settings."""

    async def get(self, path: str, *arguments: Any, **options: Any) -> Any:
        """The model of a file or folder."""
        get = self.super.get if of_a_submission(path) else super().get
        return await get(path, *arguments, **options)

    async def save(self, model: dict[str, Any], path: str = "") -> Any:
        """Write a file, and what is paired with it unless it is of a submission; the model without its content."""
        save = self.super.save if of_a_submission(path) else super().save
        return await save(model, path)

    async def get_config_file(self, directory: str) -> Any:
        """The path of jupytext's settings for a folder; None where there are none, or where students may have put them."""
        return None if of_a_submission(directory) else await super().get_config_file(directory)


class Kernels(KernelSpecManager):  # type: ignore[misc]
    """Jupyter's kernels, and before one of the same name that a person installed: the one in which the workbook is loaded."""

    def _kernel_dirs_default(self) -> list[str]:
        return [str(KERNELS), *super()._kernel_dirs_default()]


class OneCourse(FormgraderHandler):  # type: ignore[misc]
    """formgrader's first page, of the course that is served and of no other folder."""

    def get_argument(self, name: str, *arguments: Any, **options: Any) -> Any:
        """An argument of the address; the ``path`` to another configuration counts as not given."""
        return "" if name == "path" else super().get_argument(name, *arguments, **options)


class Policy(OutputTransform):
    """What a browser may do with a page of formgrader's: load nothing from elsewhere, and follow no form.

    Its own pages need their scripts. What is data, or a file of a submission, is no page at all.
    """

    def __init__(self, request: HTTPServerRequest) -> None:
        _, here, path = request.path.partition("/formgrader/")
        self._policy = "" if not here else NO_PAGE if DATA.match(path) else PAGE

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Add the policy to what Jupyter says."""
        if self._policy:
            headers.add("Content-Security-Policy", self._policy)
        return super().transform_first_chunk(status_code, headers, chunk, finishing)


def of_a_submission(path: str) -> bool:
    """Whether a path of the server's is among what students handed in, or what was made of it."""
    return any(part.casefold() in SUBMISSIONS for part in PurePosixPath(path).parts)


def _text(value: Any) -> Any:
    """What is put into a template, escaped; quotes aren't single there, and a single one is part of many a name."""
    return Markup(str(escape(value)).replace("&#39;", "'")) if isinstance(value, str) else value  # noqa: S704


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    # Jupyter loads extensions by their names in order, and the first handler of an address counts: ours is before nbgrader's.
    app = server.web_app
    app.add_handlers(".*$", [(url_path_join(app.settings["base_url"], r"/formgrader/?"), OneCourse)])
    app.add_transform(Policy)


async def _start_jupyter_server_extension(server: Any) -> None:
    # By now nbgrader's extension is loaded, if it is on, and none of its templates is compiled.
    settings = server.web_app.settings
    if templates := settings.get("nbgrader_jinja2_env"):
        templates.autoescape, templates.finalize = True, _text
        from graders.gradebook.protect import list_times_with_care  # noqa: PLC0415  learners need none of it

        list_times_with_care()
