"""nbgrader, for this course. docs/instructors.md says how to use it."""

import os
import shutil
import sys
import warnings
from pathlib import Path

from traitlets.log import get_logger

from graders.core.logs import guard_log
from graders.gradebook.pages import TEMPLATES

c = get_config()  # noqa: F821  nbgrader puts it here

# nbgrader calls `alembic` by its name when it makes a gradebook; it stands beside this Python, on the PATH or not.
if shutil.which("alembic") is None:
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))

# Names of folders and files are in what nbgrader logs: nothing in them is a command to a terminal.
guard_log(get_logger())

# nbgrader's own way with its database, of which its users needn't hear.
warnings.filterwarnings("ignore", message=r".*not in session")

# The world that judges the class. Each score records it.
c.GradeAnswers.world = "simulated"

# Release: a lesson's source is py:percent text beside the .ipynb that nbgrader looks for, and stays here. Any other assignment is
# released as nbgrader does it.
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.GenerateAssignment.exporter_class = "graders.release.SourceExporter"

# Grading: a lesson's answers are judged as the documents that they are. Nothing of a submission is executed: there is no
# Execute here, and no kernel. Outputs, metadata and flags of a submission never count. Any other assignment of this
# course is graded by nbgrader's own steps, which execute it; c.SubmissionExporter.sanitize_preprocessors and
# c.SubmissionExporter.autograde_preprocessors may name others.
c.Autograde.exporter_class = "graders.gradebook.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    "graders.gradebook.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "graders.gradebook.GradeAnswers",
    "graders.gradebook.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Feedback and formgrader's pages load nothing from elsewhere, and names in them are text. Saved notebooks are harmless by
# themselves.
c.HTMLExporter.extra_template_basedirs = TEMPLATES
c.GenerateFeedback.exporter_class = "graders.gradebook.FeedbackExporter"
c.HTMLExporter.preprocessors = ["graders.gradebook.pages.EscapeNames"]

# The gradebook as CSV: nbgrader's own exporter writes a student's name as it is, also where that is a formula.
c.ExportApp.plugin_class = "graders.gradebook.export.CsvExport"
