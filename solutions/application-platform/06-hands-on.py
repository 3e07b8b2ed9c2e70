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
# You have read about services, databases and queues. Now build two small systems and watch what happens to them.
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `deployment` | a Kubernetes manifest | run it, break it, watch it recover | 30 | 25 min |
# | `diagram` | a drawing in DOT | place an order, then stop one part after the other | 20 | 15 min |
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
# - `hint("NAME")` gives a hint; ask again for a clearer one;
# - `progress()` shows all exercises and your points;
# - `admit(TEXT)` and `draw(TEXT)` let you try things out: they show what the cluster would say, and what a drawing looks like.

# %% [markdown]
# ## Deploy the orders API
#
# ### The question
#
# The orders team gives you an [image](glossary.ipynb#image), `shop/orders:1.0.0`: the package from which containers are started. It is an HTTP service
# that listens on [port](glossary.ipynb#port) **8080**. Your platform has promised: *keep the contract, and we keep you running*. What do you have to
# write down so that the platform can keep that promise without people, even at three in the morning?
#
# ### What the contract asks
#
# | part | the term | the figure |
# |---|---|---|
# | compute | what a pod reserves (request) | 100m CPU, 128Mi memory |
# | compute | what a pod may take at most (limit) | 500m CPU, 512Mi memory |
# | health | liveness: *is this process stuck?* | GET `/healthz` |
# | health | readiness: *can this pod take traffic right now?* | GET `/readyz` |
# | scale | pods that serve at the same time | 3 replicas |
#
# `100m` is 100 thousandths of a CPU core, a tenth. `128Mi` is 128 mebibytes. A *request* is what Kubernetes reserves for the
# container on a node. A *limit* is the most that it may use: above its memory limit a container is killed, above
# its CPU limit it is slowed down.
#
# ### Two probes, two very different reactions
#
# A **probe** is a question that the platform asks every container again and again. It reacts to the answers in two different ways:
#
# | probe | the question | when the answer is no |
# |---|---|---|
# | liveness | is this process stuck? | the container is **restarted** |
# | readiness | can it take traffic right now? | the pod gets **no traffic** until it can |
#
# Suppose that the database is down for half a minute. Which of the two probes should fail? If all your pods restart, that doesn't
# bring a database back. Remember this when you choose the paths.

# %% [markdown]
# ### Something to try: what a manifest looks like
#
# A **Deployment** tells Kubernetes: *keep this many pods running, made from this template*. Below is one for **another**
# service, which serves web pages. It is a correct manifest, but an incomplete one: it reserves nothing, it limits nothing, and it
# has no probes. Run the cell to see what the cluster would say.

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
# Look at three places again:
#
# - `template.metadata.labels` puts a [label](glossary.ipynb#label) on each pod, and the [selector](glossary.ipynb#selector) `selector.matchLabels` says that pods with this label belong to the
#   Deployment. The two have to agree, or the server refuses the manifest.
# - `template.spec.containers` is a **list**: each item begins with a dash. Everything that belongs to a container (its
#   resources, its probes) is indented under that dash.
# - In YAML, the indentation has a meaning. Use two spaces for each level, never tabs.
#
# You also need fields that the manifest above doesn't have: `resources` (with `requests` and `limits`), `livenessProbe`
# and `readinessProbe`. All three belong to the container. The documentation explains them under
# [resources](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/) and
# [probes](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/).

# %% [markdown]
# ### Exercise `deployment` (30 points)
#
# Write a Deployment for the orders API:
#
# - image `shop/orders:1.0.0`, container port 8080, **3 replicas**;
# - the contract's requests and limits;
# - a liveness probe and a [readiness probe](glossary.ipynb#readiness-probe), each with `httpGet` on the contract's path;
# - stateless: everything that it has to keep is in the database.
#
# The cluster already has a [Service](glossary.ipynb#Service) for it. In the same answer you may add a Service of your own, a ConfigMap, a Secret (of type
# `Opaque`), a ServiceAccount or a PodDisruptionBudget. Objects that your pods refer to must be in your answer, or the pods don't
# start. The API server checks other kinds, such as an Ingress or a HorizontalPodAutoscaler, but they aren't applied and cost no
# points. If you want a [sidecar](glossary.ipynb#sidecar), use `shop/sidecar:1.0.0`. The grader knows no other images: it assumes that their containers run,
# and says so.
#
# Then your Deployment goes through a series of tests, the **release train**:
#
# - your pods start;
# - one pod **loses its database** for half a minute: `/readyz` answers 503, `/healthz` still answers 200;
# - another pod **hangs**: each of its ports accepts connections and never answers. It has to be restarted within **90 seconds**;
# - one pod leaks memory, and one is shut down in the middle of a request;
# - meanwhile, in other pods: a release that needs 20 seconds to start, an update under load, and a release that never gets ready.
#
# The card says what happened to your pods.

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
# Stuck? `hint("deployment")` looks at the result of your last check and gives one hint. Ask again for a clearer one.
# A hint never gives the solution away, and it costs no points.

# %%
hint("deployment")

# %% [markdown]
# ### Where it matters in practice
#
# Look at the plot under your card again. The pod that lost its database left the Service and came back, and *nothing
# restarted*. The pod that hung was restarted, and the other two kept serving. Nobody had to get up at night for either. That is
# the benefit of the contract, and it took a dozen lines of YAML.
#
# An experiment: swap the two probe paths, check, and look at the plot. Then swap them back.

# %% [markdown]
# ## Draw the architecture
#
# ### The question
#
# A customer orders, and a moment later a confirmation email arrives. The order must be safe even if the mail server
# fails, and no customer should wait for an email before the page says *thank you*. Which parts does that need, and
# **which part talks to which**?
#
# ### Something to try: drawing with words
#
# **DOT** is a small language for drawings. You write what is connected, and Graphviz arranges it. Here is
# another system: visitors upload photos to a gallery, which stores the files in an object store.

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
# - Each part is a **node**: it has a name, and a `label` that the drawing shows.
# - Each connection is an **arrow**, `a -> b`: *a* calls *b*, or sends something to *b*.
# - `Gallery` and `gallery` are two different nodes: in DOT, capital letters matter.
# - A name with a space or a hyphen needs double quotes: `"photo gallery"`. We read names and labels, not pictures.
#
# An arrow isn't decoration here. Your drawing is the **wiring plan** of a shop: a part can talk to another
# part only if there is an arrow between them. Then we place an order.

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
# Give the parts names that a colleague would recognize, in English, Spanish, French, German, Italian or Portuguese. If a part has
# another name, say its role: `x [label="...", role=worker]`. The roles are `api`, `worker`, `database`, `cache` and
# `queue`. You may also draw the client, a load balancer, or anything else that your shop has. You may use any message queue: NATS,
# RabbitMQ, Kafka, SQS...
#
# Your drawing passes if an order is **stored**, **cached**, **announced** (as an event on the queue) and **confirmed by email**, and
# if the shop still accepts orders while the worker is down.

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
# Do you prefer to draw in Python? Build a `graphviz.Digraph` and check it: `check("diagram", drawing)`. Only the
# answer cell counts for your grade, so paste `drawing.source` into it in the end.

# %%
hint("diagram")

# %% [markdown]
# ### Something to try: see it run
#
# The check computes what your drawing would do. You can also watch it run. The next cell starts the shop that you drew, on this
# machine: a real PostgreSQL, a real Redis, NATS as the message queue, an orders API, an email worker, and a mail server that
# delivers no email. The parts get exactly the connections that you drew. The cell places twenty orders. Then it stops one part
# after the other, places a few more orders each time, and starts the part again.
#
# It takes about ten seconds, and doesn't change your score.

# %% tags=["raises-exception"]
run("diagram")

# %% [markdown]
# ### What happened, and why
#
# - Each arrow says what it carried. The second time somebody looks at an order, it comes from the cache: compare the two times.
# - Below, time runs from left to right, in seconds. The hatched parts are the times in which a part was stopped. While the **worker**
#   was stopped, orders were accepted, and their emails followed when it was back. While the **database** was stopped, orders were
#   refused, and none was half done.
# - The last column says how long customers waited, as [p50 and p99](glossary.ipynb#p50-and-p99).
#
# Now break it on purpose. Remove the arrow from the API to the queue, run your answer's cell and then `run("diagram")`: every
# order is accepted, and no email is sent. Put the arrow back, and draw one more from the API directly to the worker: how long do
# customers wait now, and what happens to their orders while the worker is stopped?
#
# With a [kind cluster](glossary.ipynb#kind-cluster), `run("diagram", on="kind")` does the same with pods.

# %% [markdown]
# ### Where it matters in practice
#
# Because of the queue in the middle, the shop can promise something to the customer that it hasn't done yet. While the worker is down,
# messages wait in the queue, and no order is lost. If you draw an arrow from the API directly to the worker instead, the customer
# waits for the mail server. Every architecture review has this question: *does the caller need the result now?*

# %% [markdown]
# ## How far are you?

# %%
progress()
