"""Every bound on a learner's text, in one place.

The bounds are far above what an honest answer needs (a long manifest has 10 kB, a busy drawing 60 nodes) and
far below what would slow a judge down.
"""

from __future__ import annotations

ANSWER_BYTES = 256 * 1024
"""An answer's size as UTF-8, in bytes."""

MANIFEST_DOCUMENTS = 20
"""Documents in one answer."""

MANIFEST_DEPTH = 60
"""How deep a document may nest."""

MANIFEST_NODES = 20_000
"""Values in one answer, aliases expanded: stops an alias bomb."""

MANIFEST_REPEATED = 16 * ANSWER_BYTES
"""Characters in one answer that aliases repeat: stops an alias bomb of long texts."""

ADMIT_BYTES = 4 * 1024 * 1024
"""The size of a file for ``workbook admit`` as UTF-8, in bytes: far more than a Helm chart renders."""

ADMIT_DOCUMENTS = 2_000
"""Documents in one file for ``workbook admit``, and items of its lists."""

ADMIT_DEPTH = 100
"""How deep a document of such a file may nest; of honest documents, the schema in a CRD nests deepest."""

ADMIT_NODES = 400_000
"""Values in one such file, aliases expanded."""

ADMIT_REPEATED = 16 * ADMIT_BYTES
"""Characters in one such file that aliases repeat."""

ADMISSION_PROBLEMS = 100
"""Causes and warnings reported for one document; an honest one has a handful."""

ADMISSION_CHARACTERS = 4_000
"""Characters that a refusal quotes of one value, key or path."""

CHOICES_ITEMS = 200
"""Items in an answer that is a list of choices; the longest exercise has about a dozen."""

PLAN_STEPS = 12
"""Steps in a plan."""

PLAN_STATES = 50_000
"""States explored for one plan; a plan of twelve steps has a few thousand."""

DRAWING_NODES = 300
"""Nodes in a drawing."""

DRAWING_EDGES = 2_000
"""Arrows in a drawing."""

DRAWING_WORDS = 40 * DRAWING_EDGES
"""Words and signs in the text of a drawing; blank lines and comments aren't counted."""

DRAWING_DEPTH = 40
"""How deep subgraphs may nest."""

DRAWING_FUEL = 2_000_000_000
"""Instructions that Graphviz may take to read or lay out a drawing: about two seconds."""

DRAWING_MEMORY = 256 * 1024 * 1024
"""Memory that Graphviz may take, in bytes."""

GRADING_PROCESSES = 8
"""How many processes grade a class side by side, at most; there is one for each processor."""

JUDGMENT_SECONDS = 10.0
"""How long one judgment may take, in seconds; then its worker is killed and the answer is not judged."""

RUN_SECONDS = 600.0
"""The same for a run on a real cluster, where pods are slower."""

LABEL_CHARACTERS = 200
"""Characters that are shown of a learner's own name or value."""

NAME_CHARACTERS = 80
"""Characters of a name that is compared with others; comparing takes time quadratic in its length."""

SENTENCE_CHARACTERS = 600
"""Characters of a sentence in a report or an error; the longest honest one, the scheduler's message on a pod, has fewer than half as many."""

REPORT_NOTES = 12
"""Remarks on one answer; an honest one gets three."""

NOTEBOOK_BYTES = 20 * 1024 * 1024
"""A submitted notebook's size, in bytes."""

NOTEBOOK_CELLS = 5_000
"""Cells in a submitted notebook; a released one has about 60."""

NOTEBOOK_CHARACTERS = 6_000_000
"""The text of all cells of a submitted notebook, in characters: more than the bounds of all its answers together."""

SUBMISSION_BYTES = 100 * 1024 * 1024
"""All notebooks of one submission together, in bytes."""

SUBMISSION_FILES = 10_000
"""Files and folders in one submission."""

SUBMISSION_DEPTH = 20
"""How deep the folders in a submission may nest."""

SUBMISSION_CPU_SECONDS = 20.0
"""The processor time that grading one submission may take: reading, judging, saving and feedback, in seconds."""

SUBMISSION_MEMORY = 1024 * 1024 * 1024
"""The memory of a process that works on a submission, in bytes."""

SUBMISSION_STEP_SECONDS = 120.0
"""How long one step of grading a submission may take by the clock, in seconds."""

TIMESTAMP_BYTES = 200
"""A submission's ``timestamp.txt``, in bytes."""

SECRET_BYTES = 10_000
"""A submission's ``submission_secret.txt``, by which nbgrader's exchange identifies it, in bytes."""

RELEASES_BYTES = 100_000
"""The file beside released notebooks that lists all releases, in bytes."""

OWN_CELLS = 500
"""How many of the learner's own cells are kept from a submitted notebook."""

OWN_CHARACTERS = 200_000
"""Characters of the learner's own cells together; the rest is left out."""

SHOWN_CHARACTERS = 20_000
"""How much of a cell is shown on a page; an answer is judged as a whole before it is shortened."""

SHOWN_LINES = 1_000
"""The same in lines."""

SHOWN_COLUMNS = 100
"""The longest line of a learner's prose on a page, in characters; longer lines are wrapped."""

COMMENT_CHARACTERS = 1_000
"""Characters of the comment on an answer that wasn't judged."""

SUBMISSION_NOTEBOOKS = 50
"""Notebooks in one submission that ``workbook alike`` reads."""

ALIKE_CHARACTERS = 20_000
"""Characters of an answer that are compared with other answers; the longest honest one has 3,000."""

ALIKE_FEATURES = 400
"""Features of an answer that are compared; an honest one has 60."""

ALIKE_RARE = 20
"""Two students are compared if they share something that at most so many students have."""

ALIKE_PAIRS = 20
"""Pairs of submissions that are listed."""

ALIKE_SHARED = 10
"""Lines that are shown side by side for a pair."""

ROSTER_BYTES = 20 * 1024 * 1024
"""A roster, as an LMS exports it with all grades of a course, in bytes."""

ROSTER_LINES = 100_000
"""Lines of a roster."""
