"""``workbook new lesson``: a lesson in a package of its own, with one exercise that works, to be installed beside the workbook."""

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
"""What the templates' names end with, so that no tool takes them for Python."""


def new_lesson(name: str, folder: Path) -> tuple[Path, ...]:
    """Write a lesson's project into a folder that is empty or isn't there; the paths. It isn't installed yet.

    Raises UsageError for a name that is taken or isn't allowed, and for a folder that holds something.
    """
    package = module_of(allowed(name, "lesson", ids()))
    if importlib.util.find_spec(package) is not None:
        raise UsageError(f"There is a Python package “{package}” here already.", "Choose another name.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"There is something in {folder} already.", "Name a folder that is empty, or a new one.")
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
