# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Glossary
#
# The technical words of this workbook, in alphabetical order. There is nothing to run here and nothing to answer. The other
# notebooks explain a word where they first need it, and link to this page.

# %% [markdown]
# ## A
#
# ### API
#
# The way in which programs use another program: which requests it takes, and what it answers. “The orders API” is a
# service with such an interface.
#
# ### API server
#
# The part of Kubernetes that takes your manifests. It refuses those that break its rules.
#
# ### asynchronous
#
# The caller leaves a message and goes on without an answer. The opposite is *synchronous*.
#
# ### availability
#
# The share of the time in which a service works. 99.9 % allows 43 minutes of downtime a month.

# %% [markdown]
# ## B
#
# ### bearer token
#
# A secret that a client sends with each request. The service lets in every client that has it.

# %% [markdown]
# ## C
#
# ### cache
#
# A store in memory for answers that take long to work out. When it is lost, they are worked out again.
#
# ### cluster
#
# Several *nodes* that Kubernetes looks after as one.
#
# ### consumer
#
# A program that reads messages or events.
#
# ### container
#
# A running program, packed together with everything that it needs.
#
# ### CronJob
#
# A Kubernetes object that starts a *Job* at the times that you name.

# %% [markdown]
# ## D
#
# ### deadline
#
# The time by which something must be done.
#
# ### Deployment
#
# A Kubernetes object that keeps a number of equal *pods* running, and replaces them in an update.
#
# ### DOT
#
# A small language for drawings. [Graphviz](https://graphviz.org/) draws them.

# %% [markdown]
# ## E
#
# ### event
#
# A message that says what has happened. It doesn't say who should do something about it.
#
# ### exit code
#
# The number with which a program ends. 0 means that all went well.

# %% [markdown]
# ## G
#
# ### golden path
#
# The way to deploy a service that the platform supports best. It brings logs, metrics and the rest along.
#
# ### gRPC
#
# A way to call functions of another program over the network. The messages are short and not readable by eye.

# %% [markdown]
# ## H
#
# ### hang
#
# A program hangs when it still runs but no longer does anything.

# %% [markdown]
# ## I
#
# ### idempotent
#
# Doing it twice has the same effect as doing it once.
#
# ### image
#
# The package from which *containers* are started, such as `shop/orders:1.0.0`.
#
# ### in flight
#
# A request is in flight while the service works on it.
#
# ### index
#
# A sorted list by which a database finds rows quickly.
#
# ### ISO 8601
#
# The [standard](https://en.wikipedia.org/wiki/ISO_8601) for writing dates and times: `2026-03-02T10:15:00Z`. The `Z` stands for UTC.

# %% [markdown]
# ## J
#
# ### Job
#
# A Kubernetes object that runs a pod until its work is done.
#
# ### JSON
#
# A text format for data: `{"level": "error", "code": 7}`.

# %% [markdown]
# ## K
#
# ### key
#
# In YAML, the name before a colon. In a database, the name by which a value is found.
#
# ### kind cluster
#
# A real Kubernetes cluster that runs in Docker on your machine. [kind](https://kind.sigs.k8s.io/) makes it.

# %% [markdown]
# ## L
#
# ### label
#
# A name and a value on a Kubernetes object, such as `app: orders`. *Selectors* look for labels.
#
# ### limit
#
# What a container may use at most. Above its memory limit it is killed; above its CPU limit it is slowed down.
#
# ### liveness probe
#
# The question “is this process stuck?”. After several times no, the container is restarted.
#
# ### load balancer
#
# A program that spreads requests over several copies of a service.
#
# ### lock
#
# A transaction that locks a row makes others wait until it is over.
#
# ### logs
#
# Lines of text in which a program says what it does.

# %% [markdown]
# ## M
#
# ### manifest
#
# The YAML text that says what should run on Kubernetes.
#
# ### mapping
#
# In YAML, several *keys* with their values. Each key may be there once.
#
# ### message queue
#
# A program that keeps messages until a worker has handled them. NATS, RabbitMQ and SQS are examples.
#
# ### metrics
#
# Numbers that a program reports about itself, such as requests per second.
#
# ### microservices
#
# Several applications that call each other over the network, each with a build and a release of its own.
#
# ### monolith
#
# One application with one build and one release.

# %% [markdown]
# ## N
#
# ### node
#
# A machine that *pods* run on.

# %% [markdown]
# ## O
#
# ### on-call
#
# The person who is on call gets an alert when something fails, also at night, and acts on it.
#
# ### OpenTelemetry
#
# A common format, with libraries, for *metrics*, *logs* and *traces*.
#
# ### operator
#
# A program in the cluster that looks after one kind of thing, such as databases.

# %% [markdown]
# ## P
#
# ### p50 and p99
#
# Half of all calls are at most as slow as p50. 99 of 100 calls are at most as slow as p99.
#
# ### pipeline
#
# The automatic steps from source code to a running release: build, test, deploy.
#
# ### platform
#
# What an organization offers its teams for running their services.
#
# ### pod
#
# One running copy of a service. It has one or more *containers*.
#
# ### point-in-time recovery
#
# A way to bring a database back to any moment, not only to the last backup.
#
# ### pool
#
# A program, or a part of one, that lends a few database connections to many users. Also called a *pooler*.
#
# ### port
#
# The number under which a program can be reached on a machine, such as 8080.
#
# ### primary
#
# The database server that takes changes. A *standby* follows it.
#
# ### probe
#
# A question that Kubernetes asks a container again and again.
#
# ### proxy
#
# A program that passes requests on. In Kubernetes, proxies on each node send requests to ready pods.

# %% [markdown]
# ## Q
#
# ### queue depth
#
# How many messages wait in a queue.

# %% [markdown]
# ## R
#
# ### readiness probe
#
# The question “can this pod take traffic now?”. After a no, the pod gets none until the answer is yes.
#
# ### record
#
# One piece of data in a database, such as a row of a table.
#
# ### release
#
# A new version of a program goes live.
#
# ### replica
#
# One of several equal copies. In a Deployment, each pod is a replica.
#
# ### replication lag
#
# How far a *standby* is behind its *primary*, in seconds.
#
# ### request
#
# Of a client: a question to a service. In a manifest: what is reserved for a container on its node.
#
# ### REST
#
# A way to use a service over HTTP: each thing has an address, such as `/orders/123`.

# %% [markdown]
# ## S
#
# ### schema
#
# A document that says what data must look like. A program can check data with it.
#
# ### selector
#
# The part of a manifest that says which pods belong to an object, by their *labels*.
#
# ### Service
#
# A Kubernetes object that gives several pods one name and one address.
#
# ### sidecar
#
# A helper *container* in the same pod.
#
# ### SIGTERM
#
# The signal with which the platform asks a process to end.
#
# ### span
#
# One step of a *trace*, with its start and its end.
#
# ### SQL
#
# The language of relational databases.
#
# ### squad
#
# A small team that owns one product or service.
#
# ### stale
#
# Out of date: the answer was right when it was stored.
#
# ### standby
#
# A copy of a database server that takes over when the *primary* fails.
#
# ### startup probe
#
# The question “has this program started?”. Until the answer is yes, the other probes wait.
#
# ### stateless
#
# A service is stateless when it keeps nothing in its own memory or on its own disk that the next request needs.
#
# ### stdout and stderr
#
# The two streams into which every program can write text. The platform collects both.
#
# ### synchronous
#
# The caller waits for the answer. The opposite is *asynchronous*.

# %% [markdown]
# ## T
#
# ### time to live
#
# How long a cache keeps an answer.
#
# ### topic
#
# A named stream of events that any number of *consumers* can read.
#
# ### trace
#
# The record of one request on its way through all services, with the time that each step took.
#
# ### traffic
#
# The requests that reach a service.
#
# ### transaction
#
# Several changes in a database of which all happen, or none.

# %% [markdown]
# ## U
#
# ### UTC
#
# The time zone without daylight saving time on which servers usually run.

# %% [markdown]
# ## W
#
# ### worker
#
# A program that takes messages from a queue and handles them. No client waits for it.

# %% [markdown]
# ## Y
#
# ### YAML
#
# A text format for data. Indentation says what belongs together.
