# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 The contract
#
# There are two teams, and neither can do the other's work. The application team knows what the program does. The platform team knows
# how to keep programs running. What do they have to tell each other?
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `contract` | the terms for a service, from observations of it | compare each term with that service | 4 | 10 min |
# | `shutdown-plan` | what a service does on SIGTERM | try a request at every moment | 2 | 6 min |
# | `review` | what is wrong with a manifest | compare it with the contract | 2 | 8 min |
#
# Nothing that you write here can break anything. Check as often as you like; only the last answer counts.

# %%
# %load_ext graders.notebook

# %% [markdown]
# ## A golden path
#
# ### The question
#
# There are ten teams with ten services. One writes its [logs](glossary.ipynb#logs) to a file, one to a database, and one writes none. One calls its
# health check `/ping`, another one `/status`. It is three in the morning, and one of the ten is down. Where do you look?

# %% [markdown]
# ### Something to try: find the errors
#
# Here are the log lines of five services in that minute. A small program looks for errors, so that you needn't read all lines.

# %%
import json

said = [
    '{"level": "error", "service": "orders", "message": "the database is away"}',
    '{"level": "info", "service": "catalog", "message": "42 articles"}',
    "02.03. 03:04 payment FAILED!!",
    "WARN(3) stock -- no answer, giving up",
    '{"level": "error", "service": "mail", "message": "no connection"}',
]
for line in said:
    try:
        record = json.loads(line)
    except ValueError:
        print("?  can't be read:", line)
        continue
    if record["level"] == "error":
        print("✘ ", record["service"] + ":", record["message"])

# %% [markdown]
# ### What happened, and why
#
# The program found two errors. There are two more, but the program can't find them: each of those teams has its own
# format. You could teach the program both formats. Then the eleventh team comes. And logs are only one of the things that you have
# to know about a service.
#
# Your work grows with the number of teams, unless all teams do these things in the same way. A **golden path** is the way to deploy
# a service that the platform supports best. It includes all these things. A team that takes it gets observability (logs, metrics
# and traces), scaling and reliability without extra work, and has fewer decisions to make. The path is an offer: a team may leave
# it, and then does the work itself.
#
# A golden path is based on the **contract**: short, written down, and the same for all teams.

# %% [markdown]
# ## The contract
#
# | part | what is agreed |
# |---|---|
# | **compute** | a pod requests 100m CPU and 128Mi memory; its limits are 500m CPU and 512Mi memory |
# | **health** | *is it stuck?* GET `/healthz` (liveness); *is it ready for traffic?* GET `/readyz` (readiness); *has it initialized?* GET `/startupz` (startup) |
# | **observability** | metrics at `/metrics` in Prometheus format; structured JSON logs on stdout; traces by the [OpenTelemetry](glossary.ipynb#OpenTelemetry) SDK |
# | **graceful shutdown** | handle SIGTERM; stop accepting new requests; finish those in flight within 30 s; exit with code 0 |
#
# A **request** is what is reserved for a pod, and a **limit** is what the pod may use at most. `100m` is a tenth of a CPU core (100
# of 1,000 parts); `128Mi` is 128 mebibytes of memory. **Metrics** are numbers that a service reports about itself, such as requests
# per second. A **trace** records the way of one request through all services; one step of it is a **span**. **SIGTERM** is
# the signal with which the platform asks a process to end. A request is **in flight** while the service works on it. A
# process **hangs** when it still runs but no longer answers. **stdout and stderr** are the two streams into which a program writes text. The **exit
# code** is the number with which a process ends; see the [glossary](glossary.ipynb) for other words.
#
# The application team promises that the program does all this. The platform team promises to keep such a program running: it
# restarts the program when it is stuck, sends it no traffic while it isn't ready, collects its logs, metrics and traces, and gives
# it time to end.
#
# A good term is like a good test: you can **check** it. “Starts quickly” is a wish. “GET `/startupz`
# answers 200 after initialization” is a term.

# %% [markdown]
# ### Something to try: which of these can be checked?
#
# Read the list and decide for yourself. Then run the cell.

# %%
promises = {
    "the service is fast": None,
    "memory stays below 512Mi": "the kernel ends the container that takes more",
    "it writes useful logs": None,
    "each log line on stdout is a JSON object": "a program can read each line, or can't",
    "it shuts down properly": None,
    "after SIGTERM it exits with code 0 within 30 s": "the platform sees the code and the time",
}
for promise, how in promises.items():
    print("✔" if how else "✘", promise, f"({how})" if how else "")

# %% [markdown]
# ### Exercise `contract` (4 points)
#
# Our company has bought another one, and with it the service **tickets**. It sells seats, and it works, but it doesn't follow our
# golden path. It can't be changed before next year, and it moves to our platform next week. So it gets a contract of its own. A
# colleague watched it for a month and wrote down what she saw:
#
# | about | what was seen |
# |---|---|
# | a usual day | it uses 0.2 CPU cores and 220Mi of memory |
# | the opening of sales | for half an hour it uses 0.7 cores and 600Mi |
# | its node | has 4 cores and 4Gi of memory, for four such pods and nothing else. Should one ever leak, the other three must keep their share |
# | its start | the port is open after 2 s, then it loads the seating plans. That takes 20 s, and on the first of a month until second 70. A start that hangs must be noticed within 5 minutes |
# | `GET /ping` at port 8080 | answers 200 as soon as the port is open, whatever its database does. It doesn't answer when the process hangs |
# | `GET /state` | answers 503 while the plans are loading and while the database is away, else 200. It doesn't answer when the process hangs |
# | `GET /loaded` | has a thread of its own: 503 until the plans are loaded, and 200 from then on, even while the process hangs |
# | `GET /seats` | reads the free seats from the database |
# | metrics | `GET /stats` at port 9100 answers in Prometheus format; at port 8080 it answers 404 |
# | stdout | one line at its start: `tickets 4.2 says hello` |
# | stderr | a line for each event: `{"level": "info", "event": "seat sold", "seat": "12C"}` |
# | a file, `/var/log/access.log` | a line of plain text for each request |
# | traces | it sends its spans to port 9411, in Zipkin's format. It knows no other format |
# | SIGHUP | it reads its configuration anew |
# | SIGINT | it exits at once, with code 130 |
# | SIGTERM | it accepts new requests for another 10 s, then closes its port, finishes what it has, closes its database within 2 s, and exits with code 143 |
# | its requests | most take 80 ms. The slowest, a season ticket as PDF, takes 35 s |
# | our proxies | hear within 5 s that a pod takes no more requests |
# | repairs | a node that is to be repaired must be empty within 2 minutes |
#
# What must its contract say, so that the platform runs it well? The fields mean:
#
# | field | it says |
# |---|---|
# | compute: `requests`, `limits` | what is set aside for a pod, and what it may take at most |
# | health: `liveness` | this path is asked whether the process is stuck; after a no the container is restarted |
# | `readiness` | this path is asked whether it is ready; after a no the pod gets no traffic until it is |
# | `startup` | this path is asked first, until it says yes once; only then do the other two begin |
# | `startup-within` | a container whose start takes longer is restarted |
# | observability: `metrics` | where the platform collects them |
# | `logs` | in which format the events are, and where the platform finds them. It collects both streams of a container, stdout and stderr, and no files |
# | `traces` | in which format it sends its spans; `otlp` is that of OpenTelemetry |
# | shutdown: `signal` | what begins an end in good order |
# | `accepts-for` | for how long after the signal a new request is still taken |
# | `grace-period` | when the platform kills what is still there |
# | `exit-code` | what tells an end in good order from a crash |
#
# Every figure that fits the observations is right. The comment behind each `#` says how to write that field; if you write something
# else, the answer cell says so at once. We compare each term with what *tickets* does. Copy this form, and fill it in:
#
# ```yaml
# compute:
#   requests:
#     cpu:           # a number of cores, or a number and a unit (m · core · cores), such as 40m
#     memory:        # a number and a unit (MB · GB · TB · Mi · Gi · Ti), such as 30 MB
#   limits:
#     cpu:           # a number of cores, or a number and a unit (m · core · cores), such as 40m
#     memory:        # a number and a unit (MB · GB · TB · Mi · Gi · Ti), such as 30 MB
# health:
#   liveness:        # a path, such as /orders
#   readiness:       # a path, such as /orders
#   startup:         # a path, such as /orders
#   startup-within:  # a number and a unit (ms · s · min · h · day · days), such as 45 s
# observability:
#   metrics:
#     path:          # a path, such as /orders
#     port:          # a whole number, such as 12
#   logs:
#     format:        # one of json · key-value · text
#     from:          # one of stdout · stderr · file
#   traces:          # one of otlp · zipkin · none
# shutdown:
#   signal:          # one of SIGHUP · SIGINT · SIGKILL · SIGTERM
#   accepts-for:     # a number and a unit (ms · s · min · h · day · days), such as 45 s
#   grace-period:    # a number and a unit (ms · s · min · h · day · days), such as 45 s
#   exit-code:       # a whole number, such as 12
# ```

# %% nbgrader={"grade": false, "grade_id": "contract-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer contract
### BEGIN SOLUTION
compute:
  requests:
    cpu: 250m
    memory: 256Mi
  limits:
    cpu: 1 core
    memory: 768Mi
health:
  liveness: /ping
  readiness: /state
  startup: /loaded
  startup-within: 2 min
observability:
  metrics:
    path: /stats
    port: 9100
  logs:
    format: json
    from: stderr
  traces: zipkin
shutdown:
  signal: SIGTERM
  accepts-for: 10 s
  grace-period: 60 s
  exit-code: 143
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "contract", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("contract")

# %%
hint("contract")

# %% [markdown]
# ### Where it matters in practice
#
# Try a wrong term on purpose, such as `grace-period: 30 s`, which fits most services, and read the table under the card. *tickets*
# is the same service as before, but now it loses season tickets on every update. A contract that is copied from another service is
# only a wish. Each figure in a contract is a decision of two teams. It is cheap to change on paper, and expensive when you
# discover a mistake at night.

# %% [markdown]
# ## Ready, or alive?
#
# ### The question
#
# The platform asks each container two questions again and again. **Liveness**: *does the process still work, or is it stuck?* If
# there is no good answer, the container is **restarted**. **Readiness**: *is it ready?* If there is no good answer, the pod gets
# **no traffic** until there is one. Now the database is down for half a minute. Which of the two checks should fail?

# %%
picture("two-questions")

# %% [markdown]
# ### Something to try: half a minute without a database
#
# Here is a small model of one pod. Every ten seconds the platform asks both questions. After three failed liveness checks in a row it
# restarts the container, and the restart takes thirty seconds. Run the cell, and compare the two lines.

# %%
def half_a_minute(liveness, readiness, outage=range(10, 40), end=100):
    """One pod while its database is down. Returns the seconds in which it took traffic, and its restarts."""
    said_no, restarts, up_at, traffic = 0, 0, 0, 0
    for now in range(0, end, 10):
        if now < up_at:
            continue  # it is starting
        answers = {"/healthz": True, "/readyz": now not in outage}
        traffic += 10 * answers[readiness]
        said_no = 0 if answers[liveness] else said_no + 1
        if said_no == 3:
            restarts, said_no, up_at = restarts + 1, 0, now + 30
    return traffic, restarts


print("liveness asks /healthz: took traffic for %d s, %d restarts" % half_a_minute("/healthz", "/readyz"))
print("liveness asks /readyz:  took traffic for %d s, %d restarts" % half_a_minute("/readyz", "/readyz"))

# %% [markdown]
# ### What happened, and why
#
# The restart repaired nothing: the database was down, not the process. The restart made the outage longer, and the pod lost every
# request in flight. In practice all replicas share that database, so *all* of them restart at the same time,
# and then Kubernetes waits longer and longer between restarts.
#
# So `/healthz` checks only the process itself. `/readyz` may check what the process needs. And until the **startup probe**, here
# `/startupz`, gets the answer 200, the platform doesn't ask the other two.
#
# ### Where it matters in practice
#
# If a whole service restarts while something *behind* it is down, look at the path of the **liveness probe**, the question about liveness, first.

# %% [markdown]
# ## What happens on SIGTERM
#
# ### The question
#
# Pods are stopped every day: for an update, because fewer pods are needed, or because their node needs a repair. First the platform
# sends the signal **SIGTERM** to the process. It means *please finish*. If the process is still there 30 seconds later, it is
# killed. What should it do in between?
#
# Two things happen *at the same moment*: the process gets its signal, and the platform tells the [proxies](glossary.ipynb#proxy) that this pod takes no
# more requests. The proxies need a little time for that. Until then, new requests still arrive.

# %%
picture("shutdown")

# %% [markdown]
# ### Something to try: close the port at once, or a little later
#
# Requests arrive once a second and take three seconds each. The proxies need two seconds. When should the process close
# its port?

# %%
def stop(closes_at, proxies_hear_at=2, takes=3, killed_at=30):
    """The requests that are lost around a SIGTERM at second 0."""
    lost = []
    for arrives in range(-2, proxies_hear_at):  # after that, they go to other pods
        if arrives >= closes_at:
            lost.append(f"{arrives} s: the port was closed")
        elif arrives + takes > killed_at:
            lost.append(f"{arrives} s: the process was killed")
    return lost or "none"


print("port closed at once, lost:", stop(closes_at=0))
print("closed after 5 s,    lost:", stop(closes_at=5))
print("killed after 1 s,    lost:", stop(closes_at=5, killed_at=1))

# %% [markdown]
# ### What happened, and why
#
# A process that closes its port at once still loses customers: the proxies don't know yet. A process that serves for a
# few more seconds loses none. And if the platform doesn't wait long enough, both lose the requests in flight.
#
# The orders API follows the picture above: it turns not ready at once, so that the proxies learn of it; it serves for 5 more
# seconds; then it finishes the requests in flight, and ends after 29 seconds at most. It exits with code **0**, which means that
# this was a proper end and not a crash.

# %% [markdown]
# ### Exercise `shutdown-plan` (2 points)
#
# Write down what the orders API does when SIGTERM arrives, as a list of steps in order. You may use each step once, and you don't
# need all of them:
#
# | step | what it does |
# |---|---|
# | `turn-not-ready` | let /readyz say no from now on |
# | `serve-on` | go on serving for 5 seconds |
# | `serve-on-a-minute` | go on serving for 60 seconds |
# | `stop-accepting` | close the port: no new request gets in |
# | `finish-requests` | wait for the requests in flight, 10 seconds at most |
# | `close-database` | close the connections to the database |
# | `exit-0` | exit with code 0 |
# | `exit-1` | exit with code 1, as after an error |
#
# When the signal arrives, one request is in flight. The load balancer asks /readyz and notices a no within 5 seconds; until then
# it may send new requests at any moment. After 30 seconds the platform kills a process that is still there. We try a request at
# every moment, and show you the shortest way to a customer who notices something. Begin with a list:
#
# ```yaml
# steps:
#   - ...
# ```

# %% nbgrader={"grade": false, "grade_id": "shutdown-plan-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer shutdown-plan
### BEGIN SOLUTION
steps:
  - turn-not-ready
  - serve-on
  - stop-accepting
  - finish-requests
  - close-database
  - exit-0
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "shutdown-plan", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("shutdown-plan")

# %%
hint("shutdown-plan")

# %% [markdown]
# ## A review
#
# ### The question
#
# A colleague wants to put a new service on the platform: the catalog. Before it goes live, you compare its manifest with the
# contract. Most of it is fine. **Five fields break the contract.** Which are they, and which term does each of them
# break?

# %% [markdown]
# ### The manifest
#
# ```
#  1 | apiVersion: apps/v1
#  2 | kind: Deployment
#  3 | metadata:
#  4 |   name: catalog
#  5 | spec:
#  6 |   replicas: 2
#  7 |   selector:
#  8 |     matchLabels:
#  9 |       app: catalog
# 10 |   template:
# 11 |     metadata:
# 12 |       labels:
# 13 |         app: catalog
# 14 |       annotations:
# 15 |         prometheus.io/scrape: "true"
# 16 |         prometheus.io/path: /metrics
# 17 |     spec:
# 18 |       terminationGracePeriodSeconds: 10
# 19 |       containers:
# 20 |         - name: catalog
# 21 |           image: shop/catalog:2.3.1
# 22 |           ports:
# 23 |             - containerPort: 8080
# 24 |           env:
# 25 |             - name: LOG_FORMAT
# 26 |               value: json
# 27 |             - name: OTEL_SDK_DISABLED
# 28 |               value: "true"
# 29 |           resources:
# 30 |             requests:
# 31 |               cpu: "0.1"
# 32 |               memory: 128Mi
# 33 |             limits:
# 34 |               cpu: 500m
# 35 |               memory: 2Gi
# 36 |           startupProbe:
# 37 |             httpGet:
# 38 |               path: /startupz
# 39 |               port: 8080
# 40 |           livenessProbe:
# 41 |             httpGet:
# 42 |               path: /readyz
# 43 |               port: 8080
# 44 |           readinessProbe:
# 45 |             httpGet:
# 46 |               path: /healthz
# 47 |               port: 8080
# ```
#
# You needn't know every line: look for the parts that the contract is about. Two hints: a figure may be right even if it is written
# in another way than in the contract. And `OTEL_SDK_DISABLED` is a variable that the OpenTelemetry SDK itself understands.

# %% [markdown]
# ### Something to try: how a remark looks
#
# A review is a list of remarks, and each remark has two lines. This one is about another manifest, whose metrics aren't
# collected:
#
# ```yaml
# - field: annotations.prometheus.io/path
#   term: metrics
# ```
#
# | key | it takes |
# |---|---|
# | `field` | the number of the field's line, or its path. Of the path you may leave out the beginning: `ports.containerPort` is enough where no other path ends like this |
# | `term` | one of `requests` · `limits` · `liveness` · `readiness` · `startup` · `metrics` · `logs` · `traces` · `shutdown` |
#
# If you write something else, the answer cell says so at once.

# %% [markdown]
# ### Exercise `review` (2 points)
#
# Name the five fields, each with the term that it breaks. You name a field by the number of its line, by its path such as
# ports.containerPort, or by the name of a variable. A remark on a field that *keeps* the contract costs half of what a
# right one earns, because false alarms make people ignore a reviewer. At most ten remarks are read. Begin with this, and repeat it:
#
# ```yaml
# - field:
#   term:
# ```

# %% nbgrader={"grade": false, "grade_id": "review-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer review
### BEGIN SOLUTION
- field: terminationGracePeriodSeconds
  term: shutdown
- field: env[1].value
  term: traces
- field: resources.limits.memory
  term: limits
- field: livenessProbe.httpGet.path
  term: liveness
- field: readinessProbe.httpGet.path
  term: readiness
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "review", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("review")

# %%
hint("review")

# %% [markdown]
# ### Where it matters in practice
#
# The [API server](glossary.ipynb#API-server) would have accepted all five: a valid manifest can break every promise that you made. That is why
# platforms let a program check the contract on every release, and why contracts should be written so that a program can check them.

# %% [markdown]
# ## How far are you?

# %%
progress()
