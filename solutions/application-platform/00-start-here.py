# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 0 Start here
#
# Three minutes, and you know how everything here works.
#
# This workbook is for people who will run a platform: you won't write the applications, you will host them. So you need to
# know how they are built, what they need from you, and what goes wrong at three in the morning.
#
# Each notebook asks a question, gives you something to try, and then an exercise. You write a few lines: choices, a drawing,
# a manifest. You don't only hear *right* or *wrong*: we **run** what they describe, or tell you what would come of it.
#
# Click into the next cell and press **Shift+Enter**. That runs it, and moves on to the one below.

# %%
# %load_ext graders.notebook

# %% [markdown]
# Nothing to see, and that is right: the workbook is loaded now. Run this line first in each notebook, and again if Python says
# that `check` isn't defined.

# %% [markdown]
# ## Your first answer
#
# ### The question
#
# How are you today? Choose one of `ready`, `curious` and `tired`. All three are right.
#
# ### Exercise `hello` (for practice, no points)
#
# An answer is a cell whose first line says which exercise it answers. Below that line stands the answer itself, here in
# YAML: a name, a colon, a blank, a word. Replace the comment in the next cell by this line, with a word of your own:
#
# ```yaml
# today: curious
# ```
#
# Leave the first line as it is, and run the cell. It says what it has read. Then run the check below it.

# %% nbgrader={"grade": false, "grade_id": "hello-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer hello
### BEGIN SOLUTION
today: ready
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": false, "grade_id": "hello", "locked": true, "schema_version": 3, "solution": false, "task": false}
check("hello")

# %% [markdown]
# ### What happened
#
# A card appeared, with one line for each thing that was looked at. Its mark says how that went:
#
# | mark | what it means |
# |---|---|
# | ✔ pass | that part is right |
# | ✘ fail | not yet; open the line to read what was seen, what was expected, and the next step |
# | ○ not started | nothing is written there yet |
# | … waiting | something still runs |
# | ! not judged | the workbook had trouble, not you; try again |
#
# Try it: write `today: hungry`, run the answer and the check again, and read the card. Wrong answers cost nothing.
# Check as often as you like; the last answer counts.
#
# In an editor other than this JupyterLab, run your answer before each check. Tomorrow, begin there with `%load_ext` again.

# %% [markdown]
# ## Six words
#
# All of Kubernetes that you need at first:
#
# | word | what it is |
# |---|---|
# | **container** | a program, packed with everything it needs |
# | **pod** | one running copy of a service, made of containers |
# | **node** | a machine that pods run on |
# | **cluster** | nodes, looked after as one |
# | **Kubernetes** | looks after a cluster: you say what should run, it sees to it |
# | **manifest** | the text in which you say it, in YAML |

# %% [markdown]
# ## Who judges?
#
# Some answers run on a cluster. Which one is it?

# %%
world()

# %% [markdown]
# The simulated cluster is part of this workbook. It behaves as the real one does, for all that the exercises need, and
# takes milliseconds. You can't break anything: answers are read, never executed.

# %% [markdown]
# ## When you are stuck
#
# `hint("NAME")` looks at your last answer and gives one nudge. Ask again for a clearer one, up to three. A hint
# never gives the solution away, and costs nothing either.

# %%
hint("hello")

# %% [markdown]
# `progress()` shows all exercises, and how far you are. Come back to it whenever you like; it works in each notebook.

# %%
progress()

# %% [markdown]
# That is all. Go on with `01-monolith-or-microservices` in the list of files on the left.
