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
# This workbook is for people who will run a **platform**: you won't write the applications, you will host them. So you need to
# know how they are built and what they need from you.
#
# Each notebook asks a question, gives you something to try, and then an exercise. You write a few lines. You don't only hear *right* or *wrong*: we **run** your answer, or tell you what follows from it.
#
# Click into the next cell and press **Shift+Enter**. That runs it, and moves on to the one below.

# %%
# %load_ext graders.notebook

# %% [markdown]
# You see nothing, and that is right: the workbook is loaded now. Run this line first in each notebook.

# %% [markdown]
# ## Your first answer
#
# ### The question
#
# How are you today? Choose one of `ready`, `curious` and `tired`. All three are right.
#
# ### Exercise `hello` (for practice, no points)
#
# An answer is a cell whose first line says which exercise it answers. The answer itself stands below that line. Here it is in
# **YAML**, a text format for data: a **key**, a colon, a space, and a value. Several keys with their values are a **mapping**.
# Replace the comment in the next cell by this line, and choose a word of your own:
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
# A card appeared. It has one line for each thing that the check looked at. The mark says what it found:
#
# | mark | what it means |
# |---|---|
# | ✔ pass | that part is right |
# | ✘ fail | not yet; open the line: it says what the check saw, what it expected, and what to do next |
# | ○ not started | you haven't written anything there yet |
# | … waiting | the check is still running |
# | ! not judged | the workbook failed, not your answer; try again |
#
# Try it: write `today: hungry`, run the answer and the check again, and read the card. Wrong answers cost nothing.
# Check as often as you like; the last answer counts.
#
# In another editor than this JupyterLab, run your answer's cell before each check.

# %% [markdown]
# ## Six words
#
# This is all of Kubernetes that you need at first:
#
# | word | what it is |
# |---|---|
# | **container** | a running program, packed with everything it needs |
# | **pod** | one running copy of a service, made of containers |
# | **node** | a machine that pods run on |
# | **cluster** | several nodes that work as one |
# | **Kubernetes** | runs a cluster: you say what should run, and it keeps that running |
# | **manifest** | the YAML text in which you say what should run |
#
# All technical words are in the [glossary](glossary.ipynb).

# %% [markdown]
# ## Who judges?
#
# Some answers run on a cluster. Which one is it?

# %%
world()

# %% [markdown]
# The simulated cluster is part of this workbook. For all that the exercises need it behaves as a real cluster does. You can't
# break anything: the workbook reads your answers and never executes them.

# %% [markdown]
# ## When you are stuck
#
# `hint("NAME")` looks at your last answer and gives you one hint. Ask again for a clearer one; there are up to three. A hint
# never gives the solution away, and it costs no points.

# %%
hint("hello")

# %% [markdown]
# `progress()` shows all exercises and your points. It works in each notebook.

# %%
progress()

# %% [markdown]
# Go on with `01-monolith-or-microservices` in the list of files on the left.
