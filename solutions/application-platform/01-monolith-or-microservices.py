# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 Monolith or microservices
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `boundaries` | a shape for each of six teams, and why | say what follows from each choice | 5 | 8 min |
# | `bill` | who pays for each of twelve things | say what follows from each choice | 3 | 5 min |
#
# A **monolith** is one application: it has one build, one [release](glossary.ipynb#release) and one kind of process, of which you may run many copies.
# **Microservices** are several applications that call each other over the network. Each has a build and a release of its own.
# Between two of them there is a **boundary**.
#
# Neither of them is more modern than the other. A boundary has costs every day and benefits on some days. This notebook
# measures the costs, and asks you about the benefits.

# %%
# %load_ext graders.notebook

# %% [markdown]
# ## What a boundary costs in time
#
# ### The question
#
# Here is a very small piece of work. Inside one application it is a function call. How long does one call take?

# %%
import timeit


def price(seats):
    return 12 * seats


seconds = timeit.timeit(lambda: price(3), number=100_000) / 100_000
print(f"one call takes about {seconds * 1e9:.0f} ns")

# %% [markdown]
# A nanosecond (ns) is a billionth of a second; a millisecond (ms) is a million nanoseconds. Now suppose that another team keeps
# the prices, in a service of its own. How long does the same work take then? Guess before you run the next cell: ten times
# as long? A hundred times?
#
# ### Something to try
#
# The next cell starts small HTTP services on this machine: first one, then a chain of five. It asks each for the price a few hundred
# times. That takes about a second, and then the services end.

# %%
from graders.application_platform.demos.boundary import cost, unavailable

cost(lambda: price(3))

# %% [markdown]
# ### What happened, and why
#
# The multiplication takes as long as before. All the rest is the boundary: the call is turned into bytes, sent through the
# operating system, read, answered, and turned back into a value. That is why even the shortest HTTP call takes about a
# thousand times as long as a function call. And these services run on one machine. Between two machines, the network takes
# even more time.
#
# Look at both figures of each row. **p50** is the middle: half of the calls were faster. **p99** is the time that one call in a
# hundred exceeds. A page that makes a hundred calls has at least one such slow call two times out of three. So a promise is
# made about p99, not about p50.
#
# Run the cell again. Your figures change a little, but the order of the rows doesn't.
#
# ### Where it matters in practice
#
# An [API](glossary.ipynb#API) has about 500 ms to answer. A few calls across boundaries take little of that. But a loop that makes one call
# for each of two hundred orders is a long wait. Inside one application, the same loop takes no noticeable time.

# %% [markdown]
# ## What a boundary costs in availability
#
# ### The question
#
# A service that is up 99.9 % of the time is a good one: it may be down 43 minutes a month. The share of time in which it is up is
# its [availability](glossary.ipynb#availability). A [request](glossary.ipynb#request) passes through several services and needs them all. How often do all of them work?
#
# ### Something to try
#
# All must be up at the same time, so their availabilities are multiplied.

# %%
for services in (1, 5, 11, 30):
    print(f"{services:>2} services: up {0.999 ** services:.2%} of the time")

# %%
unavailable(0.999, (1, 5, 11, 30))

# %% [markdown]
# ### What happened, and why
#
# Each service keeps its promise, and the chain of eleven is still down for a working day each month. Every boundary that a
# request *has to* cross makes the whole a little less available.
#
# Try other figures: how available must each of thirty services be, so that the chain is up 99.9 % of the time?
#
# ### Where it matters in practice
#
# This is why there are timeouts, [caches](glossary.ipynb#cache) and [queues](glossary.ipynb#message-queue): they turn *has to answer now* into *can answer
# later*. Notebook 4 is about that choice. And it is one reason for asking at each boundary: what is its benefit?

# %% [markdown]
# ## The benefit of a boundary
#
# ### The question
#
# When is a boundary worth its costs? It doesn't matter how large the code is, or what other companies do. It depends on the people,
# on the load, and on what the people can run.
#
# A **squad** is a small team that owns one product. **On-call** means that somebody gets an alert when something fails, also at
# night, and acts on it. A **pipeline** is the automatic way from source code to a running release. A **dashboard** is a page
# that shows how the services are doing.
#
# | one application suits | because |
# |---|---|
# | a small team, fewer than 8 people | everybody knows all of it, and there is one release to watch |
# | an early product | it isn't clear yet what belongs together, and moving a function is easier than moving a service |
# | a simple domain | there is little to separate |
# | low operational maturity | a team that has trouble with running one application can't run eleven |
#
# | several services suit | because |
# |---|---|
# | squads that must release independently | no squad waits for another one |
# | parts that scale differently | only the part that needs more machines gets more |
# | a real need for different technologies | each part runs on what it needs |
#
# Be careful with the word *real*. To like another language isn't a need.
#
# ### Exercise `boundaries` (5 points)
#
# Here are six teams. For each, `choose` `monolith` or `microservices`, and give the reason under `because`. The facts must say
# that reason. One reason is enough; if the facts give several, you may write a list: `[one, another]`.
#
# | reason | it says |
# |---|---|
# | `small-team` | they are fewer than eight |
# | `early-product` | the product is still looking for its form |
# | `simple-domain` | what the software is about is simple |
# | `low-operational-maturity` | they struggle to run what they have |
# | `independent-deploys` | squads wait for each other's releases |
# | `different-scaling` | one part has to grow while another stays small |
# | `different-technologies` | parts need languages or runtimes that don't go together |
#
# The teams:
#
# | team | the facts |
# |---|---|
# | `recipe-box` | Six people in one squad. The product is three months old and changes its mind every week. All of it goes live together, on Fridays. |
# | `ticket-exchange` | Forty people in five squads. Each squad is finished on another day, and all wait for the joint release every second Thursday. Pipelines, dashboards and on-call have run well for years. |
# | `video-school` | Eighteen people in two squads, who release together and like it. Converting videos takes 60 machines on Sunday nights and 2 otherwise; the lesson pages take 4, always. Dashboards and on-call work. |
# | `club-ledger` | Twelve people in one squad. Members, fees, four screens, and rules that fit on a page and haven't changed in years. No peaks; they run it without trouble. |
# | `rail-planner` | Twenty people in two squads, one release day that suits both, the same load on all parts. Routes come out of a library that exists only for Java; delays are predicted in Python on GPUs. On-call works well. |
# | `parcel-desk` | Fourteen people in one squad. Releases are copied to a server by hand, once a quarter. There are no dashboards and no on-call; they learn of outages by telephone. They read that others have eleven services. |
#
# The right choice alone earns half of an item's points. Each reason that the facts don't give takes a quarter away. Copy this
# form into the answer cell, below its first line, and fill it in:
#
# ```yaml
# recipe-box:
#   choose:
#   because:
# ticket-exchange:
#   choose:
#   because:
# video-school:
#   choose:
#   because:
# club-ledger:
#   choose:
#   because:
# rail-planner:
#   choose:
#   because:
# parcel-desk:
#   choose:
#   because:
# ```

# %% nbgrader={"grade": false, "grade_id": "boundaries-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer boundaries
### BEGIN SOLUTION
recipe-box:
  choose: monolith
  because: [small-team, early-product]
ticket-exchange:
  choose: microservices
  because: independent-deploys
video-school:
  choose: microservices
  because: different-scaling
club-ledger:
  choose: monolith
  because: simple-domain
rail-planner:
  choose: microservices
  because: different-technologies
parcel-desk:
  choose: monolith
  because: low-operational-maturity
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "boundaries", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("boundaries")

# %%
hint("boundaries")

# %% [markdown]
# ### Where it matters in practice
#
# You will host both shapes, and you have to host both well. You can help an application team if you ask these questions
# before the team asks you for eleven pipelines.
#
# How does one platform host both? In the same way, with other numbers:
#
# | | a monolith | microservices |
# |---|---|---|
# | what runs | a few copies of one program behind one address | a few copies of each program, each behind its own address |
# | growing | all of it grows: more copies, or larger ones | each part gets the copies that it needs |
# | releasing | one pipeline; it replaces the copies one by one | one pipeline each; the other services aren't touched |
# | finding each other | not needed: it is one program | by name; the name stays the same while pods come and go |
# | watching | one set of [probes](glossary.ipynb#probe), [logs](glossary.ipynb#logs) and [metrics](glossary.ipynb#metrics) | one set each, and [traces](glossary.ipynb#trace) that follow a request through all services |
#
# The platform treats a monolith as it treats any other service. The team can add a second service later.
# And what does each additional service cost? Read on.

# %% [markdown]
# ## Who pays
#
# ### The question
#
# One application became eleven services. The benefit: each squad now has a small, clear thing to work on.
# Somebody must pay for it. Who?
#
# Kubernetes does a few things by itself, on every cluster and for every program: it finds a node for each pod, replaces a pod
# that died by a new one, replaces pods one by one in a release, and spreads requests over the pods of a service.
# That is no team's work.
#
# Ask of everything else: *is it about what the software does, or about running it?* What the software does is the work of the team
# that writes it. Running it, in the same way for all teams, is the work of the team that hosts it.
#
# ### Exercise `bill` (3 points)
#
# For each of these twelve, write who has the work: `platform-team`, `application-team`, or `nobody`, if Kubernetes does it by
# itself.
#
# | cost | the facts |
# |---|---|
# | `tracing` | One slow request passed through five services. Its traces have to be collected, kept and searched in one place. |
# | `dead-pod` | A pod of the catalog has died. Another one like it has to take its place. |
# | `table-schema` | The orders service needs another column in a table of its own. |
# | `pipelines` | Where one build ran there are eleven, with their runners, their registry and their templates. |
# | `spread-requests` | Requests to the catalog have to be spread over its three pods. |
# | `business-rules` | From May on, members get ten percent off their second ticket. |
# | `cluster-on-call` | When a node dies at three in the morning, somebody has to notice and act. |
# | `one-by-one` | In a release, the pods of one service are replaced one by one. |
# | `slow-query` | The catalog's page is slow: its query reads the whole table, and has to be written in another way. |
# | `calls-between` | What was a function call now crosses the network, so it needs certificates that are renewed in time. |
# | `room-on-a-node` | A new pod needs a node with as much room as the pod asks for. |
# | `api-meaning` | Another service reads the field `total`. Somebody must say whether it includes tax, and keep to it. |
#
# The form:
#
# ```yaml
# tracing:
# dead-pod:
# table-schema:
# pipelines:
# spread-requests:
# business-rules:
# cluster-on-call:
# one-by-one:
# slow-query:
# calls-between:
# room-on-a-node:
# api-meaning:
# ```

# %% nbgrader={"grade": false, "grade_id": "bill-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer bill
### BEGIN SOLUTION
tracing: platform-team
dead-pod: nobody
table-schema: application-team
pipelines: platform-team
spread-requests: nobody
business-rules: application-team
cluster-on-call: platform-team
one-by-one: nobody
slow-query: application-team
calls-between: platform-team
room-on-a-node: nobody
api-meaning: application-team
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "bill", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("bill")

# %%
hint("bill")

# %% [markdown]
# ### Where it matters in practice
#
# Count your answers. The application teams draw the boundaries, but they don't pay for *running* eleven services: you do all that
# Kubernetes doesn't do by itself. That is no reason to say no. It is a reason to take part in the decision, and to have everything
# ready before the second service comes: traces, pipelines and certificates that a squad gets without asking. That is what a
# platform is.

# %% [markdown]
# ## How far are you?

# %%
progress()
