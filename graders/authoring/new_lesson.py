"""``workbook new lesson``: write a lesson in its own package, with one working exercise, to install beside the workbook."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from string import Template

from cluster.errors import UsageError
from graders.authoring.chosen_names import allowed, module_of
from graders.authoring.generated_files import formatted, write_all
from graders.core.registry import ids

TEMPLATES = Path(__file__).with_name("templates")
ENDING = ".in"
"""The ending of the templates' names, so that no tool reads them as Python."""


def new_lesson(name: str, folder: Path) -> tuple[Path, ...]:
    """Write a lesson's project into an empty or new folder, without installing it, and return the paths.

    Raises UsageError if the name is taken or not allowed, or if the folder isn't empty.
    """
    package = module_of(allowed(name, "lesson", ids()))
    if importlib.util.find_spec(package) is not None:
        raise UsageError(f"The Python package “{package}” already exists here.", "Choose another name.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} isn't empty.", "Name an empty or a new folder.")
    words = {"name": name, "package": package, "title": name.replace("-", " ").capitalize(), "exercise": f"{name}-methods",
             "module": f"{package}_methods"}  # fmt: skip
    files = {}
    for template in sorted(path for path in TEMPLATES.rglob(f"*{ENDING}") if path.is_file()):
        inside = template.relative_to(TEMPLATES).as_posix().removesuffix(ENDING)
        path = folder / inside.replace("PACKAGE", package).replace("MODULE", words["module"])
        files[path] = Template(template.read_text(encoding="utf-8")).substitute(words).encode()
    written = write_all(files)
    formatted(path for path in written if path.parent.name != "notebooks")
    return written
