# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6 Hands-on: draw it, deploy it
#
# You have read about services, databases and queues. Now build two small things and watch what happens to them.
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `deployment` | a Kubernetes manifest | run it, break it, watch it recover | 30 | 25 min |
# | `diagram` | a drawing in DOT | place an order, then fail part by part | 20 | 15 min |
#
# Nothing that you write here can break anything. Your answer runs on a small simulated cluster inside this notebook:
# no Docker, no account, no bill. Check as often as you like; only the last answer counts. If you have Docker and kind,
# `workbook cluster up` in a terminal makes a real cluster, and the card then follows your pods on that one too.

# %%
# %load_ext graders.notebook

# %% [markdown]
# The line above brings what you need here:
#
# - `%%answer NAME` on the first line of a cell says that the cell is your answer to that exercise;
# - `check("NAME")` judges it and shows a card;
# - `hint("NAME")` gives a nudge; ask again for more;
# - `progress()` shows the whole assignment at a glance;
# - `admit(TEXT)` and `draw(TEXT)` are for trying things out: what would the cluster say, what does it look like?

# %% [markdown]
# ## Deploy the orders API
#
# ### The question
#
# The orders team hands you an image, `shop/orders:1.0.0`. It is an HTTP service that listens at port **8080**. Your
# platform has promised: *keep the contract, and we keep you running*. What do you have to write down so that the platform
# can keep that promise, at three in the morning and with nobody watching?
#
# ### What the contract asks
#
# | part | the term | the figure |
# |---|---|---|
# | compute | what a pod reserves (request) | 100m CPU, 128Mi memory |
# | compute | what a pod may take at most (limit) | 500m CPU, 512Mi memory |
# | health | liveness: *is this process stuck?* | GET `/healthz` |
# | health | readiness: *can this pod take traffic right now?* | GET `/readyz` |
# | scale | pods that serve side by side | 3 replicas |
#
# `100m` is a hundred thousandths of a CPU core, a tenth. `128Mi` is 128 mebibytes. A *request* is what the scheduler
# sets aside on a node; a *limit* is where the kernel draws the line: above its memory limit a container is killed, above
# its CPU limit it is slowed down.
#
# ### Two probes, two very different answers
#
# The platform asks every container two questions, again and again, and acts on the answers in two different ways:
#
# | probe | the question | when the answer is no |
# |---|---|---|
# | liveness | is this process stuck? | the container is **restarted** |
# | readiness | can it take traffic right now? | the pod gets **no traffic** until it can |
#
# Suppose that the database is down for half a minute. Which of the two should say no? Restarting all your pods won't
# bring a database back. Keep that in mind when you choose the paths.

# %% [markdown]
# ### Something to try: what a manifest looks like
#
# A Deployment tells Kubernetes: *keep this many pods running, made from this template*. Below is one for **another**
# service, a little web page server. It is a correct manifest, but it makes no promises: nothing is reserved, nothing is
# limited, and nobody asks how it is doing. Run the cell, and see how the cluster would take it.

# %%
admit("""
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: shop/pages:2.1.0
          ports:
            - containerPort: 3000
""")

# %% [markdown]
# Three places deserve a second look:
#
# - `selector.matchLabels` says which pods are *mine*, and `template.metadata.labels` puts that label on them. They have to
#   agree, or the server refuses the manifest.
# - `template.spec.containers` is a **list**: each item begins with a dash. Whatever belongs to a container (its
#   resources, its probes) is indented under that dash.
# - Indentation is meaning in YAML. Two spaces a level, never tabs.
#
# The fields that you need and that you don't see above are `resources` (with `requests` and `limits`), `livenessProbe`
# and `readinessProbe`. All three belong to the container. The documentation has them under
# [resources](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/) and
# [probes](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/).

# %% [markdown]
# ### Exercise `deployment` (30 points)
#
# Write a Deployment for the orders API:
#
# - image `shop/orders:1.0.0`, container port 8080, **3 replicas**;
# - the contract's requests and limits;
# - a liveness probe and a readiness probe, each by `httpGet` on the contract's path;
# - stateless: whatever it needs to keep, it keeps in the database.
#
# A Service is already there. You may add a Service of your own in the same answer, a ConfigMap, a Secret (of type `Opaque`), a
# ServiceAccount or a PodDisruptionBudget. What your pods refer to has to be in your answer, or they don't start. The API server
# checks other kinds, such as an Ingress or a HorizontalPodAutoscaler, but they aren't applied; they cost nothing. If you want
# a sidecar, use `shop/sidecar:1.0.0`. The grader knows no other images: it assumes that their containers run, and says so.
#
# Then your Deployment goes on a **release train**:
#
# - your pods start;
# - one pod **loses its database** for half a minute: `/readyz` answers 503, `/healthz` still answers 200;
# - another pod **hangs**: each of its ports accepts connections and never answers. It has to be restarted within **90 seconds**;
# - one pod leaks memory, and one is shut down in the middle of a request;
# - meanwhile, in other pods: a release that needs 20 seconds to start, an update under load, and a release that never gets ready.
#
# The card says what happened to them.

# %% nbgrader={"grade": false, "grade_id": "deployment-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer deployment
### BEGIN SOLUTION
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  labels:
    app: orders
spec:
  replicas: 3
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      containers:
        - name: orders
          image: shop/orders:1.0.0
          ports:
            - name: http
              containerPort: 8080
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              cpu: 500m
              memory: 512Mi
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "deployment", "locked": true, "points": 30, "schema_version": 3, "solution": false, "task": false}
check("deployment")

# %% [markdown]
# Stuck? `hint("deployment")` looks at what your last check found and gives one nudge about it. Ask again for a clearer one.
# It never gives the solution away, and it costs nothing.

# %%
hint("deployment")

# %% [markdown]
# ### Where it matters in practice
#
# Look at the plot under your card once more. The pod that lost its database left the Service and came back, and *nothing
# restarted*. The pod that hung was restarted, and the other two served on. Nobody was called out of bed for either. That is
# what the contract buys, and it took a dozen lines of YAML.
#
# If you like to experiment: swap the two probe paths, check, and look at the plot. Then swap them back.

# %% [markdown]
# ## Draw the architecture
#
# ### The question
#
# A customer orders, and a moment later a confirmation email arrives. The order must be safe even if the mail server is having
# a bad day; nobody should wait for an email to be sent before the page says *thank you*. Which parts does that take, and
# **who talks to whom**?
#
# ### Something to try: drawing with words
#
# DOT is a small language for drawings. You write what is connected, and Graphviz finds a place for everything. Here is
# another system: visitors upload photos to a gallery, which keeps the files in an object store.

# %%
draw("""
digraph gallery {
  visitor [label="Visitor"];
  gallery [label="Photo gallery"];
  files   [label="Object store"];

  visitor -> gallery;
  gallery -> files;
}
""")

# %% [markdown]
# - Each part is a **node**: a name for you, and a `label` for the reader.
# - Each connection is an **arrow**, `a -> b`: *a* calls *b*, or sends it something.
# - `Gallery` and `gallery` are two different nodes: DOT minds its capitals.
# - A name with a space or a hyphen needs double quotes: `"photo gallery"`. Pictures aren't read, only names and labels.
#
# An arrow isn't decoration here. We take your drawing as the **wiring plan** of a real shop: a part can talk to another
# part if there is an arrow between them, and not otherwise. Then we place an order.

# %% [markdown]
# ### Exercise `diagram` (20 points)
#
# Draw the architecture of a small web shop with these five parts:
#
# | part | what it does |
# |---|---|
# | orders API | takes orders from clients, answers at once |
# | email worker | sends the confirmation emails |
# | PostgreSQL | keeps the orders |
# | Redis | caches what is read often |
# | message queue | carries `order.created` events |
#
# Give the parts names that a colleague would recognise, in English, Spanish, French, German, Italian or Portuguese. For any
# other name say which part it is: `x [label="...", role=worker]`. The roles are `api`, `worker`, `database`, `cache` and
# `queue`. You may draw the client too, a load balancer, or anything else that your shop has. Any message queue will do: NATS,
# RabbitMQ, Kafka, SQS...
#
# Your drawing passes when an order that is placed is **stored**, **cached**, **announced** and **confirmed by email**, and
# when it still gets through while the worker is down.

# %% nbgrader={"grade": false, "grade_id": "diagram-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer diagram
### BEGIN SOLUTION
digraph shop {
  rankdir=LR;

  client   [label="Client"];
  api      [label="Orders API"];
  worker   [label="Email worker"];
  postgres [label="PostgreSQL"];
  redis    [label="Redis cache"];
  queue    [label="Message queue"];

  client -> api;
  api -> postgres [label="stores"];
  api -> redis    [label="caches"];
  api -> queue    [label="order.created"];
  queue -> worker;
}
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "diagram", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
check("diagram")

# %% [markdown]
# If you would rather draw in Python, build a `graphviz.Digraph` and hand it over: `check("diagram", drawing)`. Only the
# answer cell counts for your grade, so paste `drawing.source` into it in the end.

# %%
hint("diagram")

# %% [markdown]
# ### Something to try: see it run
#
# The check works out what your drawing would do. You can also watch it. The next cell builds the shop that you drew, on this
# machine: a real PostgreSQL, a real Redis, NATS as the message queue, an orders API, an email worker, and a mail server that
# delivers nothing. Every arrow is a connection that a part is given, and nothing else is. Twenty orders are placed. Then each
# part is taken away for a moment, a few more orders are placed, and it is brought back.
#
# It takes about ten seconds, and changes no score.

# %% tags=["raises-exception"]
run("diagram")

# %% [markdown]
# ### What happened, and why
#
# - Each arrow says what went over it. The second look at an order comes out of the cache: compare the two times.
# - Below are the seconds from left to right. Hatched is the time in which a part was away. While the **worker** was, orders were
#   accepted, and their emails came when it was back. While the **database** was, orders were refused, and none was half done.
# - The last column says how long customers waited. **p50** is the middle, **p99** the bad luck of one in a hundred.
#
# Now break it on purpose. Take out the arrow from the API to the queue, run your answer's cell and then `run("diagram")`: every
# order is accepted, and no email goes out. Put it back, and draw one more from the API straight to the worker: how long do
# customers wait now, and what becomes of their orders while the worker is away?
#
# With a kind cluster up, `run("diagram", on="kind")` does the same with pods.

# %% [markdown]
# ### Where it matters in practice
#
# The queue in the middle is why the shop can promise something to the customer that it hasn't done yet. With the worker down,
# orders pile up and no order is lost; draw an arrow from the API straight to the worker instead, and the customer waits for
# the mail server. You will meet this choice in every architecture review: *does the caller need the result now?*

# %% [markdown]
# ## How far are you?

# %%
progress()
