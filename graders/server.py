"""What ``workbook lab`` adds to Jupyter's server: no configuration is read from a course's submissions.

Stock servers read it in two places. jupytext looks for its settings in the folder of the notebook that is opened, and in
that notebook's metadata, which may name a file elsewhere in the course to write to. And formgrader loads, and so executes,
the ``nbgrader_config.py`` of a folder that its address names, which any link can.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from jupyter_server.utils import url_path_join
from jupytext import AsyncTextFileContentsManager
from nbgrader.server_extensions.formgrader.handlers import FormgraderHandler

from graders.course import SUBMISSIONS


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


class OneCourse(FormgraderHandler):  # type: ignore[misc]
    """formgrader's first page, of the course that is served and of no other folder."""

    def get_argument(self, name: str, *arguments: Any, **options: Any) -> Any:
        """An argument of the address; the ``path`` to another configuration counts as not given."""
        return "" if name == "path" else super().get_argument(name, *arguments, **options)


def of_a_submission(path: str) -> bool:
    """Whether a path of the server's is among what students handed in, or what was made of it."""
    return any(part.casefold() in SUBMISSIONS for part in PurePosixPath(path).parts)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    # Jupyter loads extensions by their names in order, and the first handler of an address counts: ours is before nbgrader's.
    app = server.web_app
    app.add_handlers(".*$", [(url_path_join(app.settings["base_url"], r"/formgrader/?"), OneCourse)])
