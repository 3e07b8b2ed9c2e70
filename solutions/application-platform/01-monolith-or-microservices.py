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
# | `boundaries` | a shape for each of six teams, and why | tell what would come of it | 5 | 8 min |
# | `bill` | who pays for each of twelve things | tell what would come of it | 3 | 5 min |
#
# A **monolith** is one application: one build, one release, one process, as many copies of it as you like. **Microservices**
# are several applications that call each other over the network, each with a build and a release of its own. Between two of
# them there is a **boundary**.
#
# Neither is the modern one. A boundary costs something every day and buys something on some days. This notebook
# measures the first, and asks you about the second.

# %%
# %load_ext graders.notebook

# %% [markdown]
# ## What a boundary costs in time
#
# ### The question
#
# Here is a piece of work, as small as can be. Inside one application it is a function call. How long does one take?

# %%
import timeit


def price(seats):
    return 12 * seats


seconds = timeit.timeit(lambda: price(3), number=100_000) / 100_000
print(f"one call takes about {seconds * 1e9:.0f} ns")

# %% [markdown]
# A nanosecond (ns) is a billionth of a second; a millisecond (ms) is a million of them. Now suppose that another team keeps the
# prices, in a service of its own. What does the very same work take then? Guess before you run the next cell: ten times
# as long? A hundred times?
#
# ### Something to try
#
# The next cell starts small HTTP services on this machine, one and then a chain of five, and asks for the price a few hundred
# times. It takes about a second, and the services end with it.

# %%
from graders.application_platform.demos.boundary import cost, unavailable

cost(lambda: price(3))

# %% [markdown]
# ### What happened, and why
#
# The sum is the same, and takes as long as before. All the rest is the boundary: words are turned into bytes, sent through the
# operating system, read, answered, and turned into words again. That is why even the shortest HTTP call takes some
# thousand times as long as a function call. And these services are neighbours on one machine; between two machines the
# network comes on top.
#
# Look at both figures of each row. **p50** is the middle: half of the calls were faster. **p99** is the bad luck of one call in a
# hundred. A page that makes a hundred calls meets that bad luck two times out of three. So a promise is made about
# p99, not about p50.
#
# Run the cell again. Your figures change a little, and the order of the rows doesn't.
#
# ### Where it matters in practice
#
# An API has about 500 ms to answer. A few calls across boundaries are nothing beside that. A loop that
# makes one call for each of two hundred orders is a long wait, and in one application nobody would have noticed.

# %% [markdown]
# ## What a boundary costs in availability
#
# ### The question
#
# A service that is up 99.9 % of the time is a good one: it may be down 43 minutes a month. A request passes through
# several of them, and needs them all. How often does the whole work?
#
# ### Something to try
#
# All must be up at once, so their shares are multiplied.

# %%
for services in (1, 5, 11, 30):
    print(f"{services:>2} services: up {0.999 ** services:.2%} of the time")

# %%
unavailable(0.999, (1, 5, 11, 30))

# %% [markdown]
# ### What happened, and why
#
# Nobody did anything wrong. Each service keeps its promise, and the chain of eleven is still down for a working day each
# month. Every boundary that a request *has to* cross takes a little away.
#
# Try other figures: how good would each of thirty services have to be, so that the chain is up 99.9 % of the time?
#
# ### Where it matters in practice
#
# This is why there are timeouts, caches and queues: they turn *has to answer now* into *can answer later*. Notebook 4 is
# about that choice. And it is one reason for asking, at each boundary: what does it buy?

# %% [markdown]
# ## What a boundary buys
#
# ### The question
#
# When is it worth it? Not when the code is large, nor when others do it. It depends on the people, on the load, and on what
# they can run.
#
# | one application suits | because |
# |---|---|
# | a small team, fewer than 8 people | everybody knows everything, and one release is one thing to watch |
# | an early product | nobody knows yet what belongs together, and a function is moved more easily than a service |
# | a simple domain | there is little to separate |
# | low operational maturity | who can hardly run one thing shouldn't run eleven |
#
# | several services suit | because |
# |---|---|
# | squads that must release independently | nobody waits for anybody |
# | parts that scale differently | only what needs more machines gets more |
# | a real need for different technologies | each part runs on what it needs |
#
# One word to be careful with is *real*. Liking another language isn't a need.
#
# ### Exercise `boundaries` (5 points)
#
# Six teams, each with its numbers. For each, `choose` one of `monolith` and `microservices`, and say `because` of what. The
# reason has to be in the facts. One is enough; where the facts give several you may write a list, `[one, another]`.
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
# | `parcel-desk` | Fourteen people in one squad. Releases are copied to a server by hand, once a quarter. There are no dashboards and nobody is on call; they learn of outages by telephone. They read that others have eleven services. |
#
# A right choice alone earns half of an item's points, and each reason that the facts don't give takes a quarter away. Copy this form into the answer cell, below its first line, and fill it in:
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
# You will host both shapes, and have to host both well. What you can do for an application team is to ask these questions
# before they ask you for eleven pipelines.
#
# How does one platform host both? By the same means, only in other numbers:
#
# | | a monolith | microservices |
# |---|---|---|
# | what runs | a few copies of one program behind one address | a few copies of each, behind an address each |
# | growing | all of it grows: more copies, or larger ones | each part gets the copies that it needs |
# | releasing | one pipeline; the copies are replaced one by one | a pipeline each; the others aren't touched |
# | finding each other | nothing to find: it is one program | by name, and the name stays while pods come and go |
# | watching | one set of probes, logs and metrics | a set each, and traces to follow a request through all of them |
#
# A monolith is no lesser guest. It takes the same path with one service on it, and can send a second one down that path later.
# And what does each more service cost? Read on.

# %% [markdown]
# ## Who pays
#
# ### The question
#
# One application became eleven services. Each squad now has a small, clear thing to work on: that is what they gained.
# Somebody must pay for it. Who?
#
# A few things Kubernetes does by itself, on every cluster and for every program: it finds a node for each pod, puts a new pod
# in the place of one that died, replaces pods one by one in a release, and spreads requests over the pods of a service.
# That is nobody's work.
#
# Ask of each thing that is left: *is it about what the software does, or about running it?* What it does stays with those who
# write it. Running it, for all of them alike, is the work of those who host it.
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
# Count your own answers. Of what it takes to *run* eleven services, nothing lands on those who draw the boundaries: what
# Kubernetes doesn't do lands on you. That is no reason to say no. It is a reason to be asked, and to have everything ready
# before the second service comes: traces, pipelines and certificates that a squad gets without asking. That is what a platform is.

# %% [markdown]
# ## How far are you?

# %%
progress()
