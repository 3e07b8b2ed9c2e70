# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 Kinds of service
#
# A platform hosts hundreds of programs. You can't know them all, and you don't have to: nearly every program is one of
# **three kinds**. If you know the kind, you know what the program needs from you.
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `kinds` | kind, deadline and scale of ten programs | say what goes wrong otherwise | 5 | 8 min |
# | `worker-plan` | a worker's steps in order | crash the worker between any two steps | 6 | 12 min |
# | `daily-report` | a Kubernetes manifest | work out when it really runs | 5 | 10 min |
#
# Nothing that you write here can break anything. Check as often as you like; only the last answer counts.

# %%
# %load_ext graders.notebook

# %% [markdown]
# ## Three kinds
#
# ### The question
#
# Two questions separate the kinds. **Who starts the work?** And **who waits until it is done?** Look for the two answers in each
# row of this picture.

# %%
picture("three-kinds")

# %% [markdown]
# | kind | who starts the work | who waits | an example |
# |---|---|---|---|
# | **API service** | a client, with a request | the client, all the while | show me order 123 |
# | **worker** | a message on a [queue](glossary.ipynb#message-queue) | nobody | send the confirmation email |
# | **scheduled job** | a clock | the next run: it starts when the clock says so, and this run should be over by then | make last night's report |
#
# Remember the two questions. You need nothing else for the first exercise.

# %% [markdown]
# ### Exercise `kinds` (5 points)
#
# Ten programs will move to your platform. For each program, say what kind of service it is, how soon its work must be done, and
# what decides how many copies of it run. Leave a field empty if you aren't sure, and check as often as you like. The form is
# below the facts.
#
# | field | question | options |
# |---|---|---|
# | `kind` | what is it? | `api` · `worker` · `scheduled` |
# | `deadline` | how soon must it be done? | `500ms` · `nobody-waits` · `before-the-next-run` |
# | `scale-on` | what sets how many run? | `requests` · `queue-depth` · `one-at-a-time` |
#
# *Nobody waits* means: no client waits, and no next run. *Requests* are the calls that come in each second. The **queue depth** is
# the number of messages that wait in the queue. An **event** is a message that says what has happened. *One at a time* means that a second copy would only disturb the first. That is true
# for programs that a clock starts, and for a worker that must handle its messages one after the other.
#
# The right `kind` earns half of an item's points, and each of the other two fields a quarter. A wrong word in one of these two
# takes back half of that quarter.
#
# | workload | the facts |
# |---|---|
# | `thumbnails` | Uploaded photos wait in line for a small copy: 5 a minute on Mondays, 4,000 on Saturday nights. |
# | `daily-report` | At 02:00 UTC the sales of the day before are added up into one report, which is read at breakfast. |
# | `seat-map` | A cinema's page asks which seats are free, and the visitor looks at an empty hall until it knows. |
# | `ticket-pdf` | Once a ticket is paid for, a PDF is drawn and mailed. That takes 8 s; the page has said thank you long before. |
# | `price-quote` | Another team's service calls GetQuote and puts the answer into the page that it is building. |
# | `stale-carts` | Every hour, carts without a change for a day are emptied. |
# | `ledger` | Each payment comes as a message and is written to the ledger: the next one only when the one before is written. The ledger is read in the evening. |
# | `expiring-cards` | On the first of the month, the cards that end in it are listed for the support team. |
# | `login` | A visitor types a password, and sees the front page or an error. |
# | `stock-count` | Each order.created event lowers the stock. Two of them at the same time would get in each other's way, so one is done before the next one is taken. No program waits for the result. |
#
# ```yaml
# thumbnails:
#   kind:
#   deadline:
#   scale-on:
# daily-report:
#   kind:
#   deadline:
#   scale-on:
# seat-map:
#   kind:
#   deadline:
#   scale-on:
# ticket-pdf:
#   kind:
#   deadline:
#   scale-on:
# price-quote:
#   kind:
#   deadline:
#   scale-on:
# stale-carts:
#   kind:
#   deadline:
#   scale-on:
# ledger:
#   kind:
#   deadline:
#   scale-on:
# expiring-cards:
#   kind:
#   deadline:
#   scale-on:
# login:
#   kind:
#   deadline:
#   scale-on:
# stock-count:
#   kind:
#   deadline:
#   scale-on:
# ```

# %% nbgrader={"grade": false, "grade_id": "kinds-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer kinds
### BEGIN SOLUTION
thumbnails: {kind: worker, deadline: nobody-waits, scale-on: queue-depth}
daily-report: {kind: scheduled, deadline: before-the-next-run, scale-on: one-at-a-time}
seat-map: {kind: api, deadline: 500ms, scale-on: requests}
ticket-pdf: {kind: worker, deadline: nobody-waits, scale-on: queue-depth}
price-quote: {kind: api, deadline: 500ms, scale-on: requests}
stale-carts: {kind: scheduled, deadline: before-the-next-run, scale-on: one-at-a-time}
ledger: {kind: worker, deadline: nobody-waits, scale-on: one-at-a-time}
expiring-cards: {kind: scheduled, deadline: before-the-next-run, scale-on: one-at-a-time}
login: {kind: api, deadline: 500ms, scale-on: requests}
stock-count: {kind: worker, deadline: nobody-waits, scale-on: one-at-a-time}
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "kinds", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("kinds")

# %%
hint("kinds")

# %% [markdown]
# ## An API service: somebody waits
#
# ### The question
#
# A customer presses *Order* and watches a little wheel turn. How long will the customer wait? An API service has a **deadline**:
# it answers within that time, typically **500 ms**, or it says that it can't. So what belongs *inside* a request, and what
# doesn't?

# %% [markdown]
# ### Something to try: a request with a deadline
#
# Here is a toy API. A request is a list of steps, each with the milliseconds that it takes. We only add the numbers up; the cell
# doesn't wait. Run it, and read the two answers.

# %%
def serve(steps, deadline=500):
    """Do the steps one after the other; give up when the deadline is over."""
    spent = 0
    for step, milliseconds in steps:
        spent += milliseconds
        if spent > deadline:
            return f"504 after {deadline} ms: still busy with “{step}”"
    return f"200 after {spent} ms"


quick = [("check the order", 20), ("write it to the database", 60)]
slow = [*quick, ("send the email", 1800)]

print(serve(quick))
print(serve(slow))

# %% [markdown]
# ### What happened, and why
#
# The first request was in time. In the second, the *order* was checked and written, too. But then the mail server
# was slow, and the customer got an error. Most customers will press *Order* again.
#
# Sending the email was never part of the answer. It only delayed it. Change the deadline or the milliseconds and run the
# cell again: the slowest step inside the request always decides.

# %% [markdown]
# ### Something to try: two replicas and a shopping basket
#
# One copy of a service is rarely enough, so the platform runs several **replicas**, which are equal copies, and spreads the
# requests over them. What if a replica keeps something in its own memory?

# %%
from itertools import cycle


class Replica:
    """A copy of the shop that keeps baskets in its own memory."""

    def __init__(self, name):
        self.name = name
        self.basket = []

    def add(self, article):
        self.basket.append(article)
        return f"{self.name}: your basket holds {self.basket}"


turns = cycle([Replica("replica A"), Replica("replica B")])
for article in ["tea", "cups", "biscuits"]:
    print(next(turns).add(article))

# %% [markdown]
# ### What happened, and why
#
# The customer put three things into one basket and sees two baskets. In each of them something is missing. And when replica A is
# restarted, its basket is lost.
#
# So an API service is **stateless**: it stores what it has to remember in a database or a [cache](glossary.ipynb#cache) that all replicas share. Then
# any replica can answer any request. *More customers* simply means *more replicas*.
#
# An API service offers three paths to the platform. Notebook 5 is about them:
#
# | path | what it says |
# |---|---|
# | `/healthz` | I am not stuck |
# | `/readyz` | I can take requests now |
# | `/metrics` | how many requests, how slow, how many failed |
#
# ### Where it matters in practice
#
# If a team gets more replicas and that doesn't help, look for state first: a basket, a session, an uploaded file on a
# local disk. If a team asks for a longer deadline, look for a step in the request whose result no client needs.

# %% [markdown]
# ## A worker: nobody waits
#
# ### The question
#
# The email must be sent, but not while the customer waits. So the API writes a message, *send an email for order 123*, and puts
# it on a **message queue** (SQS, Kafka, NATS, RabbitMQ...). A worker takes messages from the queue, one after the other.
#
# Programs crash. If the worker crashes while it handles a message, is the message lost? Or is it handled twice?

# %% [markdown]
# ### Something to try: a queue, and a worker that crashes
#
# Most queues work like this: *take* gives a message to the worker, and *done* removes it from the queue. If the worker took
# a message and never said *done*, the queue **delivers the message again**. Run the cell. The worker crashes once, first at one
# moment and then at another.

# %%
from collections import deque


class Queue:
    """A queue in memory. It keeps a message until the worker says that the message is done."""

    def __init__(self, messages):
        self.waiting = deque(messages)

    def take(self):
        return self.waiting[0] if self.waiting else None

    def done(self):
        self.waiting.popleft()


def run(queue, crash_after):
    """A worker that sends emails. It crashes once and starts again."""
    crashed = False
    while (order := queue.take()) is not None:
        print(f"  take order {order}")
        if order == 2 and crash_after == "take" and not crashed:
            print("  -- crash! the worker starts again --")
            crashed = True
            continue
        print(f"  send an email for order {order}")
        if order == 2 and crash_after == "send" and not crashed:
            print("  -- crash! the worker starts again --")
            crashed = True
            continue
        queue.done()


for moment in ("take", "send"):
    print(f"It crashes after: {moment}")
    run(Queue([1, 2, 3]), crash_after=moment)

# %% [markdown]
# ### What happened, and why
#
# Count the emails for order 2. When the worker crashed right after it took the message, the customer got one email: the queue
# delivered the message again, and nothing was lost. When the worker crashed *after* sending, the customer got **two** emails: the
# queue couldn't know that the work was done, because the worker hadn't said *done*.
#
# Could the worker say *done* first and send afterwards? Then a crash in between loses the email forever. A queue alone can't give
# you *exactly once*. But you can make a second delivery harmless. Work is **idempotent** if doing it twice has the
# same effect as doing it once.
#
# ### Something to try: a worker that remembers

# %%
def handle(order, already_sent):
    """Send the email for an order, unless it was sent before."""
    if order in already_sent:
        return f"order {order}: sent before, nothing to do"
    already_sent.add(order)
    return f"order {order}: email sent"


remembered = set()  # in real life a table in the database: memory is gone after a crash
for delivered in [1, 2, 2, 3]:
    print(handle(delivered, remembered))

# %% [markdown]
# ### What happened, and why
#
# Order 2 was delivered twice, and the customer got one email. But *remember* and *send* are still two steps, and a worker may
# crash between them. In which order should they be? What else has to happen? Find out in the next exercise.
#
# A few more things follow from *nobody waits*:
#
# - The worker needs no [port](glossary.ipynb#port) that clients can reach, and no [Service](glossary.ipynb#Service) in front of it.
# - The queue depth decides how many workers run: the more messages wait, the more workers.
# - If the worker is down, no client gets a timeout. The queue grows, and shrinks again later.

# %% [markdown]
# ### Exercise `worker-plan` (6 points)
#
# Now you are the worker that confirms orders by email. Write down what you do with one message, as a list of steps in order.
# You may use each step once, and you don't need all of them:
#
# | step | what it does |
# |---|---|
# | `receive` | take a message from the queue; no other worker gets it in that time |
# | `skip-if-recorded` | look into the database; if this order is recorded as mailed, go straight to `ack` |
# | `record` | write into the database that this order is mailed |
# | `send` | hand the email to the mail server |
# | `send-with-key` | hand it over with the order's id as its key; the mail server drops a key that it had before |
# | `update-order` | set the order to confirmed in the database; twice is the same as once |
# | `ack` | tell the queue that the message is done; it is gone then |
#
# Two workers follow your plan at the same time. They may crash between any two steps. The queue delivers a message again if it
# wasn't acknowledged, and sometimes a message is published twice. We try **everything** that can happen. If an order is lost or
# a customer gets two emails, the card shows the shortest way to that. There is a plan with which this can't happen. Begin like this:
#
# ```yaml
# steps:
#   - receive
#   - ...
# ```

# %% nbgrader={"grade": false, "grade_id": "worker-plan-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer worker-plan
### BEGIN SOLUTION
steps:
  - receive
  - send-with-key
  - record
  - ack
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "worker-plan", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("worker-plan")

# %%
hint("worker-plan")

# %% [markdown]
# ### Where it matters in practice
#
# No order of steps makes a crash impossible. But you can choose *which* of two bad things a crash leads to, and make that
# one harmless: deliver twice rather than never, and make sure that somebody recognizes the second delivery. That is what
# **idempotent** means. Payments and webhooks use such a key, too.

# %% [markdown]
# ## A scheduled job: the clock starts it
#
# ### The question
#
# Every night a report has to be made. A program that runs all day and looks at the clock would be idle for 23 hours
# and 55 minutes. Kubernetes has a **CronJob** for this: at the times that you name it creates a **Job**, the Job runs a pod, and
# the pod *ends*. How do you say *when*?

# %% [markdown]
# ### Five fields
#
# A schedule has five fields, from small to large. A star means *any*.
#
# | field | `30` | `3` | `*` | `*` | `0` |
# |---|---|---|---|---|---|
# | means | minute | hour | day of the month | month | day of the week, 0 is Sunday |
#
# So `30 3 * * 0` is *half past three, on any day of any month, if it is a Sunday*.
#
# ### Something to try: when does it run next?
#
# This little function understands numbers and stars. Change the schedules and look at the next runs.
# What do you get if you leave a star in the first field?

# %%
from datetime import datetime, timedelta, timezone


def next_runs(schedule, start, count=4):
    """The next runs after a moment. It goes from minute to minute and compares each minute with the five fields."""
    minute, hour, day, month, weekday = schedule.split()
    runs = []
    now = start
    while len(runs) < count and now < start + timedelta(days=400):
        now += timedelta(minutes=1)
        fields = (now.minute, now.hour, now.day, now.month, now.isoweekday() % 7)
        wanted = (minute, hour, day, month, weekday)
        if all(field == "*" or int(field) == value for field, value in zip(wanted, fields)):
            runs.append(now)
    return runs


monday = datetime(2026, 3, 2, tzinfo=timezone.utc)
for schedule in ("30 3 * * 0", "15 14 * * *", "* 6 * * *"):
    print(schedule)
    for run in next_runs(schedule, monday):
        print("   ", run.strftime("%A %d %B, %H:%M"))

# %% [markdown]
# ### What happened, and why
#
# The first two schedules mean what they seem to mean. The third is a common mistake: it doesn't run *at six*, it runs **sixty
# times**, at each minute from 6:00 to 6:59.
#
# In which time zone is it six o'clock? By default in the cluster's own, which is [UTC](glossary.ipynb#UTC) nearly everywhere. You can name another
# zone in the field `timeZone`. Then remember the days on which clocks change: in spring an hour is missing, and in autumn an hour
# comes twice. In many zones a job at 02:30 is skipped once a year, and runs twice once a year. UTC has no such days.

# %% [markdown]
# ### Something to try: what a CronJob looks like
#
# Here is a CronJob for **another** job. It deletes old shopping baskets every Sunday. Look at its levels: a CronJob contains a
# template for a Job, and that contains a template for a pod.

# %%
admit("""
apiVersion: batch/v1
kind: CronJob
metadata:
  name: old-baskets
spec:
  schedule: "30 3 * * 0"
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: sweeper
              image: shop/sweeper:3.0.1
""")

# %% [markdown]
# - `schedule` needs quotes: in YAML, a value that *begins* with a star means something else.
# - `restartPolicy` belongs to the **pod**. A Job allows two values. With `Never`, a failed container stays as it is, and the Job
#   creates a new pod. With `OnFailure`, the container is started again in the same pod.
# - `concurrencyPolicy` says what happens when the last run isn't over yet: `Allow` a second one at the same time, `Forbid` it, or
#   `Replace` the old one.
# - The **image** is the package from which the container is started.
# - `startingDeadlineSeconds` says how late a missed run may still start, for example after the cluster was down.
#
# The documentation explains all fields under [CronJob](https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/).

# %% [markdown]
# ### Exercise `daily-report` (5 points)
#
# The shop wants its report before people come to work. Write a CronJob:
#
# - named `daily-report`, of `batch/v1`;
# - it runs **at 02:00 UTC every day**;
# - one container, named `reporter`, with the image `myapp/reporter:v1.2.0`;
# - when the report fails, its container is started again **in the same pod**.
#
# You decide what happens to overlapping and to missed runs. The card explains your choice.

# %% nbgrader={"grade": false, "grade_id": "daily-report-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer daily-report
### BEGIN SOLUTION
apiVersion: batch/v1
kind: CronJob
metadata:
  name: daily-report
spec:
  schedule: "0 2 * * *"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: reporter
              image: myapp/reporter:v1.2.0
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "daily-report", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("daily-report")

# %% [markdown]
# Look at the figure under the card: it shows seven days, the hours from left to right, and a mark for each run. You needn't wait
# until two in the morning: if a real cluster is up, the check starts one job from your CronJob right away, and the card says
# how it ended.

# %%
hint("daily-report")

# %% [markdown]
# ### Where it matters in practice
#
# A scheduled job fails while nobody watches. Ask three questions about every CronJob that you host: Does it matter if it
# runs twice? Does it matter if it doesn't run at all? And **who would notice?** The first question is *idempotent* again: it is
# as important for a nightly report as for a worker's message.

# %% [markdown]
# ## How far are you?

# %%
progress()
