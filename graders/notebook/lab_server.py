"""The protections that ``workbook lab`` adds to Jupyter's server: submissions configure nothing, and their names are text.

It also has its own kernel, in which the workbook is loaded.

A stock server reads configuration in two places. jupytext looks for its settings in the folder of the opened notebook and in
that notebook's metadata; these may name another file in the course to write to. formgrader loads, and so executes, the
``nbgrader_config.py`` of a folder that the URL names, and any link can contain such a URL.

formgrader inserts the names of folders into its pages without escaping them. It does the same with the end of any URL below
``/formgrader/manage_students/``. A browser also renders its answers to scripts as HTML.
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
"""Paths below formgrader's URL: its answers to scripts, and the files beside a submitted notebook."""


class Contents(AsyncTextFileContentsManager):  # type: ignore[misc]
    """Reads and writes files with jupytext, and submissions with Jupyter alone: without pairing and settings."""

    async def get(self, path: str, *arguments: Any, **options: Any) -> Any:
        """The model of a file or folder."""
        get = self.super.get if of_a_submission(path) else super().get
        return await get(path, *arguments, **options)

    async def save(self, model: dict[str, Any], path: str = "") -> Any:
        """Write a file and its paired files; for a submission only the file. Returns the model without its content."""
        save = self.super.save if of_a_submission(path) else super().save
        return await save(model, path)

    async def get_config_file(self, directory: str) -> Any:
        """The path of jupytext's settings for a folder; None if there are no settings, or if students may have written them."""
        return None if of_a_submission(directory) else await super().get_config_file(directory)


class Kernels(KernelSpecManager):  # type: ignore[misc]
    """Jupyter's kernels; the workbook's kernel takes precedence over an installed one with the same name."""

    def _kernel_dirs_default(self) -> list[str]:
        return [str(KERNELS), *super()._kernel_dirs_default()]


class OneCourse(FormgraderHandler):  # type: ignore[misc]
    """formgrader's first page, for the served course only."""

    def get_argument(self, name: str, *arguments: Any, **options: Any) -> Any:
        """An argument of the URL, without ``path``, which names another configuration."""
        return "" if name == "path" else super().get_argument(name, *arguments, **options)


class Policy(OutputTransform):
    """The content security policy of formgrader's pages: load nothing from other sites, and submit no form.

    formgrader's own pages need their scripts. Data and files of a submission are sandboxed.
    """

    def __init__(self, request: HTTPServerRequest) -> None:
        _, here, path = request.path.partition("/formgrader/")
        self._policy = "" if not here else NO_PAGE if DATA.match(path) else PAGE

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Add the policy to the response's headers."""
        if self._policy:
            headers.add("Content-Security-Policy", self._policy)
        return super().transform_first_chunk(status_code, headers, chunk, finishing)


def of_a_submission(path: str) -> bool:
    """Whether a path of the server belongs to a submission, or to a file made from one."""
    return any(part.casefold() in SUBMISSIONS for part in PurePosixPath(path).parts)


def _text(value: Any) -> Any:
    """A template's value, escaped except for single quotes: the templates quote attributes with double quotes, and names contain single ones."""
    return Markup(str(escape(value)).replace("&#39;", "'")) if isinstance(value, str) else value  # noqa: S704


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    # Jupyter loads extensions in the order of their names and uses a URL's first handler: ours comes before nbgrader's.
    app = server.web_app
    app.add_handlers(".*$", [(url_path_join(app.settings["base_url"], r"/formgrader/?"), OneCourse)])
    app.add_transform(Policy)


async def _start_jupyter_server_extension(server: Any) -> None:
    # By now nbgrader's extension is loaded, if it is enabled, and its templates aren't compiled yet.
    settings = server.web_app.settings
    if templates := settings.get("nbgrader_jinja2_env"):
        templates.autoescape, templates.finalize = True, _text
        from graders.gradebook.protect import list_times_with_care  # noqa: PLC0415  learners don't need it

        list_times_with_care()
