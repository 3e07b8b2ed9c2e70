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
# A platform hosts hundreds of programs, and nobody can know them all. That isn't needed: nearly every one of them is one of
# **three kinds**. If you know the kind, you know what it needs from you.
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `kinds` | kind, deadline and scale of ten programs | tell you what goes wrong otherwise | 5 | 8 min |
# | `worker-plan` | a worker's steps, in their order | crash it between any two of them | 6 | 12 min |
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
# Two things tell the kinds apart. **Who starts the work?** And **who waits until it is done?** Look for the two answers in each
# row of this picture.

# %%
picture("three-kinds")

# %% [markdown]
# | kind | who starts the work | who waits | an example |
# |---|---|---|---|
# | **API service** | a client, with a request | the client, all the while | show me order 123 |
# | **worker** | a message on a queue | nobody, and nothing | send the confirmation email |
# | **scheduled job** | a clock | the next run: this one should be over when the clock starts it | make last night's report |
#
# Keep the two questions. They are all that you need for the first exercise.

# %% [markdown]
# ### Exercise `kinds` (5 points)
#
# Ten programs want to move onto your platform. For each of them say what kind of service it is, how soon it must be done, and
# what decides how many of it run. The answer cell takes one block like this for each; leave out what you aren't sure of, and
# check as often as you like.
#
# | field | question | options |
# |---|---|---|
# | `kind` | what is it? | `api` · `worker` · `scheduled` |
# | `deadline` | how soon must it be done? | `500ms` · `nobody-waits` · `before-the-next-run` |
# | `scale-on` | what sets how many run? | `requests` · `queue-depth` · `one-at-a-time` |
#
# *Nobody waits* means neither a client nor the next run. *Requests* are the calls that come in each second. The **queue depth** is
# how many messages wait in line. *One at a time* means that a second copy beside the first would only get in its way: that is so
# with what a clock starts, and also with a worker whose messages must be done one after the other.
#
# A right `kind` earns half of an item's points, and the other two fields a quarter each. A wrong word in one of these two takes back
# half of that.
#
# | workload | the facts |
# |---|---|
# | `thumbnails` | Uploaded photos wait in line for a small copy: 5 a minute on Mondays, 4,000 on Saturday nights. |
# | `daily-report` | At 02:00 UTC the sales of the day before are added up into one report, which is read at breakfast. |
# | `seat-map` | A cinema's page asks which seats are free, and the visitor looks at an empty hall until it knows. |
# | `ticket-pdf` | Once a ticket is paid for, a PDF is drawn and mailed. That takes 8 s; the page has said thank you long before. |
# | `price-quote` | Another team's service calls GetQuote and puts the answer into the page that it is building. |
# | `stale-carts` | On the hour, carts that nobody has touched for a day are emptied. |
# | `ledger` | Each payment comes as a message and is entered into the ledger: the next one only when the one before is in. Nobody looks at the ledger before the evening. |
# | `expiring-cards` | On the first of the month, the cards that end in it are listed for the support team. |
# | `login` | A visitor types a password, and sees the front page or an error. |
# | `stock-count` | Each order.created event lowers the stock. Two of them at the same time would get in each other's way, so one is done before the next one is taken. Nobody is told when it is. |
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
# A customer presses *Order* and looks at a little wheel that turns. How long will they look? An API service has a **deadline**:
# it answers within it, typically under **500 ms**, or it says that it can't. So: what belongs *inside* a request, and what
# doesn't?

# %% [markdown]
# ### Something to try: a request with a deadline
#
# Here is a toy API. A request is a list of steps with the milliseconds that each takes. No real time passes; we only add up.
# Run it, and read the two answers.

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
# The first request made it. The second did, too, as far as the *order* goes: it was checked and written. Then the mail server
# was slow, and the customer was told that something failed. Most will press *Order* again.
#
# Sending the email was never part of the answer. It only stood in the way of it. Change the deadline or the figures and run the
# cell again: however you turn them, the slowest step inside the request decides.

# %% [markdown]
# ### Something to try: two replicas and a shopping basket
#
# One copy of a service is rarely enough, so the platform runs several **replicas** and deals requests out to them. What if a
# replica keeps something in its own memory?

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
# The customer put three things into one basket and sees two baskets, each with something missing. And if replica A is
# restarted, its basket is gone.
#
# So an API service is **stateless**: what it has to remember, it puts into a database or a cache that all replicas share. Then
# any replica can answer any request, and *more customers* simply means *more replicas*.
#
# For the platform it opens three doors, and we come back to them in section 5:
#
# | path | what it says |
# |---|---|
# | `/healthz` | I am not stuck |
# | `/readyz` | I can take traffic now |
# | `/metrics` | how many requests, how slow, how many failed |
#
# ### Where it matters in practice
#
# When a team asks you for more replicas and it doesn't help, look for state first: a basket, a session, an uploaded file on a
# local disk. And when they ask for a longer deadline, look for the step in the request that nobody waits for.

# %% [markdown]
# ## A worker: nobody waits
#
# ### The question
#
# The email must be sent, only not while the customer waits. So the API writes a note, *send an email for order 123*, and puts
# it on a **message queue** (SQS, Kafka, NATS, RabbitMQ...). A worker takes notes from the queue, one after the other.
#
# Programs crash. A note that was taken when the worker crashed: is it lost? Or is it done twice?

# %% [markdown]
# ### Something to try: a queue, and a worker that crashes
#
# Most queues work like this: *take* lends you a message, and *done* gives it back for good. A message that was lent and never
# declared done is **delivered again**. Run the cell; our worker crashes once, at a moment that you choose.

# %%
from collections import deque


class Queue:
    """A queue in memory: a message is gone only when somebody said that it is done."""

    def __init__(self, messages):
        self.waiting = deque(messages)

    def take(self):
        return self.waiting[0] if self.waiting else None

    def done(self):
        self.waiting.popleft()


def run(queue, crash_after):
    """A worker that sends emails, and is started again after its one crash."""
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
# delivered the message again, and nothing was lost. When it crashed *after* sending, the customer got **two**: the queue can't
# know that the work was done, because nobody had said so.
#
# Could we say *done* first and send afterwards? Then a crash in between loses the email for ever. You can't have *exactly once*
# from a queue alone. What you can do is make a second delivery harmless. That is called **idempotent**: doing it twice has the
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
# Order 2 was delivered twice, and the customer got one email. Only *remember* and *send* are still two steps, and a worker may
# crash between them. In which order should they be, and what else has to happen? The next exercise lets you find out.
#
# A few more things follow from *nobody waits*:
#
# - The worker needs no port that clients can reach, and no Service in front of it.
# - The length of the queue sets the pace: many messages waiting, more workers.
# - If the worker is down, no client gets a timeout. The queue grows, and shrinks again later.

# %% [markdown]
# ### Exercise `worker-plan` (6 points)
#
# Now you are the worker that confirms orders by email. Write down what you do with one message, as steps in their order. Each
# step may stand there once, and not every one is needed:
#
# | step | what it does |
# |---|---|
# | `receive` | take a message from the queue; nobody else gets it meanwhile |
# | `skip-if-recorded` | look into the database; if this order is recorded as mailed, go straight to `ack` |
# | `record` | write into the database that this order is mailed |
# | `send` | hand the email to the mail server |
# | `send-with-key` | hand it over with the order's id as its key; the mail server drops a key that it had before |
# | `update-order` | set the order to confirmed in the database; twice is the same as once |
# | `ack` | tell the queue that the message is done; it is gone then |
#
# Two workers carry your plan out side by side. They may crash between any two steps, the queue delivers again what wasn't
# acknowledged, and now and then a message is published twice. We try **everything** that can happen, and if anything of it
# loses an order or mails a customer twice, the card draws you the shortest way to it. There is a plan to which nothing
# happens. Begin like this:
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
# No order of steps makes a crash impossible. What you can choose is *which* of two bad things it leads to, and then make that
# one harmless: deliver again rather than never, and let somebody recognise the second time. That is what **idempotent** means,
# and you will meet the key of the mail server again in payments, in webhooks, in every queue.

# %% [markdown]
# ## A scheduled job: the clock starts it
#
# ### The question
#
# Every night somebody's report has to be made. A program that runs all day and looks at the clock would be idle for 23 hours
# and 55 minutes. Kubernetes has a **CronJob** for this: at the times that you name it makes a **Job**, the Job runs a pod, and
# the pod *ends*. How do you tell it *when*?

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
# This little function understands numbers and stars, which is enough to play. Change the schedule and see what becomes of it.
# What do you get if you leave a star in the first field?

# %%
from datetime import datetime, timedelta, timezone


def next_runs(schedule, start, count=4):
    """The next runs after a moment: go minute by minute, and compare each with the five fields."""
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
# The first two did what they say. The third is the mistake that everybody makes once: it doesn't run *at six*, it runs **sixty
# times**, at each minute from 6:00 to 6:59.
#
# Whose six o'clock is it, anyway? By default the cluster's own, which is UTC nearly everywhere. You can name a zone in the
# field `timeZone`. Then mind the spring and the autumn: where clocks change, an hour is missing on one day and comes twice on
# another. In many zones a job at 02:30 is skipped once a year, and runs twice once a year. UTC has no such days.

# %% [markdown]
# ### Something to try: what a CronJob looks like
#
# Here is one for **another** job. It clears out old shopping baskets every Sunday. Look at its levels: a CronJob contains a
# template for a Job, which contains a template for a pod.

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
# - `schedule` stands in quotes: a line that *begins* with a star would mean something else in YAML.
# - `restartPolicy` belongs to the **pod**. A Job allows two values. With `Never` a failed container stays as it is, and the Job
#   makes a new pod. With `OnFailure` the container is started again in the same pod.
# - `concurrencyPolicy` says what happens if the last run still runs: `Allow` a second one beside it, `Forbid` it, or `Replace` the
#   old one.
# - `startingDeadlineSeconds` says how late a run may start that was missed, say because the cluster was down.
#
# The documentation has them all under [CronJob](https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/).

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
# What happens on overlapping and on missed runs is up to you; the card explains what you chose.

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
# Look at the strip under the card: seven days, the hours from left to right, and a mark for each run. Nobody needs to wait for
# two in the morning: where a real cluster is up, one job is started from your CronJob right away, and the card tells what
# became of it.

# %%
hint("daily-report")

# %% [markdown]
# ### Where it matters in practice
#
# A scheduled job fails when nobody looks. Three questions are worth asking of every CronJob that is handed to you: Does it
# matter if it runs twice? Does it matter if it doesn't run at all? And **who would notice?** The first is *idempotent* again:
# what holds for a worker's message holds for a night's report.

# %% [markdown]
# ## How far are you?

# %%
progress()
