"""``workbook export``: the class's grades for an LMS or a program. A format is a module, and a line in ``FORMATS``."""

from __future__ import annotations

from graders.classroom.export.command import export_class, keep_roster
from graders.classroom.export.formats import FORMATS, GradeFormat

__all__ = ["FORMATS", "GradeFormat", "export_class", "keep_roster"]
