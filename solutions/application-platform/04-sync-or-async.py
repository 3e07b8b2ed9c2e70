# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4 Synchronous or asynchronous
#
# One program needs another. Does it **wait** for the answer, or does it leave a **message** and go on? That choice decides who
# has to wait, and who is pulled down when something fails. Here you measure both, in two real shops.
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `interactions` | ten times: wait or not, and why | tell what would come of it | 4 | 8 min |
# | `event` | an event and its schema | try it on good events, bad ones, and a newer one | 4 | 10 min |

# %%
# %load_ext graders.notebook

# %% [markdown]
# ## Who waits for whom
#
# ### The question
#
# A customer orders, and is to get an email. Sending it takes a while. Look at the picture: in which of the two does the customer
# wait for the mail server?

# %%
picture("sync-and-async")

# %% [markdown]
# - **Synchronous**: the caller asks, waits, and goes on with the answer in its hands. A function call is like that, and so is a
#   request over HTTP.
# - **Asynchronous**: the caller leaves a message and goes on. Somebody takes the message later. In between, a **queue** keeps
#   it safe.
#
# ### Something to try: two shops
#
# The next cell starts two shops on this machine, one after the other: a real API, a real worker, a PostgreSQL, a Redis and a
# message queue. They differ in one arrow. In one of them the API calls the worker and waits until the email is sent. In the
# other one it leaves a message on the queue. In both the mail server takes 100 ms for an email, and does one at a time.
#
# Each gets 24 orders, from 4 customers at a time. **Guess first**: how long does a customer wait in each? It takes about
# ten seconds.

# %%
from graders.application_platform.demos.waiting import beside, without

beside(orders=24, mail=0.1)

# %% [markdown]
# ### What happened, and why
#
# **p50** is what half of the customers had to wait at most, and **p99** is the bad luck of one in a hundred. *Inside the request*
# each customer pays for the email, and for the emails of everybody who is in line before. *By the queue* nobody does: the order
# is stored, the message is left, and that is all there is to wait for.
#
# Now look at the lower picture. The emails didn't get any faster. The waiting is still there, but it isn't **people** who wait:
# it is messages, on the queue. How many of them wait is called the **queue depth**. It grows while orders come faster than
# emails go, and shrinks when it is quiet.
#
# Try it with a slower mail server, `mail=0.2`, or with more orders.
#
# ### Where it matters in practice
#
# The queue depth is the first thing that you watch on a platform with workers. If it grows and shrinks, all is well. If it only
# grows, there are too few workers, or what they call is down. And nobody complains yet: that is the good thing about it, and
# the dangerous one.

# %% [markdown]
# ## When something is down
#
# ### The question
#
# A release went wrong, and the **worker** is stopped. Customers go on ordering. What are they told in each of the two shops? And
# when the worker is back, who gets an email?
#
# ### Something to try
#
# Five orders come while it is stopped. Then it is started again.

# %%
without("worker")

# %% [markdown]
# And now the worker is fine, but the **mail server** takes no email, as on a Monday morning. Guess again before you run it.

# %%
without("mail server")

# %% [markdown]
# ### What happened, and why
#
# With the email inside the request, a shop that can't send email can't sell. The failure went **up** the arrow: from the mail
# server to the worker, from the worker to the API, from the API to the customer. That is called a **cascade**.
#
# Read the first row once more. All were told *no*. How many orders were *kept*? The order was stored before the email was tried.
# So five people think that they have ordered nothing, and they press the button again. Between two steps of which only one
# happened there is always somebody who was told the wrong thing.
#
# By the queue the customers noticed nothing. The messages waited, and when the worker or the mail server was back, the emails
# followed. A late email is no harm; but mind what you lost: when the API says *thank you*, it doesn't **know** yet whether
# the email will ever arrive.
#
# ### Where it matters in practice
#
# So which one is right? Ask what the caller does with the answer:
#
# | wait for it, synchronous, when | don't wait, asynchronous, when |
# |---|---|
# | the caller needs the answer to go on | nobody needs an answer right now |
# | it has to be done within a tight deadline | one side mustn't be pulled down by the other, or may not even know it |
# | it must happen as a whole, or not at all | the work is slow, or may be |

# %% [markdown]
# ### Exercise `interactions` (4 points)
#
# Ten times one program needs another. For each say `how`, `synchronous` or `asynchronous`, and `because` of what. The reason has
# to be in the facts: take it only if you can point at words that say so. One is enough; where the facts give several you may
# write a list, `[one, another]`. A right choice alone earns half of an item's points, and each reason that the facts don't
# give takes a quarter away.
#
# | reason | it says |
# |---|---|
# | `needs-the-answer` | something comes back, and the caller can't go on without it |
# | `tight-deadline` | it has to be done within a short time, and the facts name it |
# | `all-or-nothing` | two things have to happen together, or not at all |
# | `nobody-waits` | nobody is waiting for it, neither a person nor a program |
# | `kept-apart` | the other side may be away, or isn't known, and that mustn't stop this one |
# | `slow-work` | the work takes long, or sometimes does |
#
# | interaction | the facts |
# |---|---|
# | `show-order` | A customer opens the page of order 123, and looks at an empty page until it is there. |
# | `confirmation` | Each order is confirmed by email, some time within the day. On some days the mail server is down. |
# | `last-seat` | When the last seat is sold, it is marked as taken and its price is booked. Nobody may ever see the one without the other. |
# | `price-change` | When a price changes, the search index and the shops of partners are waiting to take it over. Partners come and go, and the program that changes prices doesn't know them. |
# | `motor-stop` | Somebody opens the guard of a saw. The motor has to stand still within 200 ms; nothing needs to come back. |
# | `year-export` | An accountant presses Export, and waits for an email with a link to the file. Adding the year up takes six minutes. |
# | `wallets` | Five euros leave one wallet and reach another one in the same database. Nobody may ever see them in neither or in both. |
# | `small-copies` | An uploaded photo gets three small copies, at 4 s each. Until they are there, the visitor looks at grey boxes. |
# | `token-check` | Before it lets a request through, the gateway asks the login service about its token, within 50 ms. |
# | `count-clicks` | Each click is counted for a table that somebody reads next month. |
#
# ```yaml
# show-order:
#   how:
#   because:
# confirmation:
#   how:
#   because:
# last-seat:
#   how:
#   because:
# price-change:
#   how:
#   because:
# motor-stop:
#   how:
#   because:
# year-export:
#   how:
#   because:
# wallets:
#   how:
#   because:
# small-copies:
#   how:
#   because:
# token-check:
#   how:
#   because:
# count-clicks:
#   how:
#   because:
# ```

# %% nbgrader={"grade": false, "grade_id": "interactions-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer interactions
### BEGIN SOLUTION
show-order: {how: synchronous, because: needs-the-answer}
confirmation: {how: asynchronous, because: [kept-apart, nobody-waits]}
last-seat: {how: synchronous, because: all-or-nothing}
price-change: {how: asynchronous, because: kept-apart}
motor-stop: {how: synchronous, because: tight-deadline}
year-export: {how: asynchronous, because: slow-work}
wallets: {how: synchronous, because: all-or-nothing}
small-copies: {how: asynchronous, because: slow-work}
token-check: {how: synchronous, because: tight-deadline}
count-clicks: {how: asynchronous, because: nobody-waits}
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "interactions", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("interactions")

# %%
hint("interactions")

# %% [markdown]
# ## Two ways to ask and wait: REST and gRPC
#
# ### The question
#
# When a program does wait, how does it ask? Two ways are common, and you will host both.
#
# - **REST**: each thing has an address, and you ask for it by HTTP: `GET /api/v1/orders/123`. The answer is JSON, which everybody
#   can read. Who may ask is shown by a **bearer token**, a secret in the request's head: whoever bears it gets in.
# - **gRPC**: you call a function of the other program: `GetOrder`. What goes in and what comes out is written down beforehand, in
#   a contract, and travels as a few bytes.
#
# Here is such a contract, in a file that ends in `.proto`. Read it from the top: a *service* has a call, the call takes one
# *message* and returns another, and a message has fields. The **numbers** behind the fields aren't values. What are they for?

# %%
CONTRACT = """
syntax = "proto3";

package shop.v1;

service Orders {
  rpc GetOrder(GetOrderRequest) returns (Order);
}

message GetOrderRequest {
  string order_id = 1;
}

message Order {
  string order_id = 1;
  string status = 2;
  int32 total_cents = 3;
  int32 discount_cents = 4;
}
"""

# %% [markdown]
# ### Something to try
#
# The next cell compiles that contract, starts a small service with one order in it, and asks for the order in both ways. Which of
# the two answers is smaller? Can you find the `paid` in both?

# %%
from graders.application_platform.demos.calls import both, old_client

both(CONTRACT)

# %% [markdown]
# ### What happened, and why
#
# JSON sends the **names** of the fields along, each time. gRPC sends their **numbers**: that is what these are for. `12` says
# *field 2, a text*, `04` says *four letters*, and then come `70 61 69 64`, the letters of *paid*. Whoever has the contract can
# read it. Whoever hasn't sees bytes.
#
# | | REST | gRPC |
# |---|---|---|
# | read by eye | yes, with any tool | no, only with the contract |
# | the contract | a document beside it, if somebody wrote one | a file that both sides are built from |
# | who likes it | browsers, partners, people | services among themselves |
#
# Don't choose by the time that a call takes here. Both are quick, and which one is ahead depends on the libraries.
#
# ### Where it matters in practice
#
# To you as a platform engineer they look different. A balancer sees every REST request with its address. A gRPC client opens one
# long connection and sends everything through that, so a balancer that only counts connections sends all of it to the same pod.

# %% [markdown]
# ## A contract that grows
#
# ### The question
#
# Next month an order gets a currency. There are twelve clients of that service, built with the old contract, and they won't be
# released on the same day. Will they still work?
#
# ### Something to try
#
# A new field with a **new number**, and an old client that asks the new service:

# %%
DISCOUNT, CURRENCY = "int32 discount_cents = 4;", "string currency = 5;"

old_client(CONTRACT.replace(DISCOUNT, DISCOUNT + CURRENCY))

# %% [markdown]
# The old client doesn't know number 5, and skips it. Now somebody tidies up. The discount moves up, and the total goes to the
# end: only two numbers change places. What does the old client show its customer?

# %%
TIDY = CONTRACT.replace("int32 total_cents = 3;", "int32 discount_cents = 3;")
TIDY = TIDY.replace(DISCOUNT, "int32 total_cents = 4;")

old_client(TIDY)

# %% [markdown]
# And here the total becomes a text, because somebody wants `EUR` in it, too:

# %%
old_client(CONTRACT.replace("int32 total_cents = 3;", "string total_cents = 3;"))

# %% [markdown]
# ### What happened, and why
#
# No client crashed, and no log has an error. One customer paid the discount, another one nothing. On the wire there are only
# numbers and bytes; what they mean is nowhere but in the contract. So the rules are few and strict:
#
# - **Add** fields, with numbers that were never used.
# - **Never** change a field's number or type, and never use a number again. A field that nobody needs stays empty.
# - A reader **skips** what it doesn't know, and can live without what is new.
#
# ### Where it matters in practice
#
# The same rules hold for JSON, only that names take the place of numbers. They hold for database tables that two releases use at
# once. And they hold for events, which are next: there you don't even know who reads them.

# %% [markdown]
# ## Events: told to whom it may concern
#
# ### The question
#
# A message on a queue may be an order to somebody: *send this email*. An **event** is different. It says what has *happened*,
# and leaves it to others what they make of it: `order.created`. The API writes it to a **topic**, here `order-events`, and
# everybody who is interested reads it there: one **consumer** sends the email, another one lowers the stock. Each has its own
# pace, and the API doesn't know them.
#
# They can't ask back. So what has to be in an event?
#
# ### Something to try
#
# Here is an event of **another** kind, as a service that prints tickets might write it. A queue delivers *at least once*, so
# this consumer gets it twice. By what can it tell?

# %%
seat_freed = {
    "event_id": "5f0d0c0a-6f5e-4a53-8a9b-2f2d6f6b8c11",
    "type": "seat.freed",
    "version": 1,
    "seat_id": "B-14",
    "timestamp": "2026-03-02T10:15:00Z",
}

seen = set()
for event in (seat_freed, seat_freed, {**seat_freed, "event_id": "another one", "seat_id": "B-15"}):
    if event["event_id"] in seen:
        print(event["seat_id"], "again, nothing to do")
    else:
        seen.add(event["event_id"])
        print(event["seat_id"], "is free")

# %% [markdown]
# ### What happened, and why
#
# | field | what it is for |
# |---|---|
# | a **type** | what happened; a topic may carry several kinds of events |
# | the **id** of what it happened to | here a seat, in your exercise an order |
# | a **time** | when it happened, as [ISO 8601](https://en.wikipedia.org/wiki/ISO_8601) has it, in UTC: `2026-03-02T10:15:00Z`. The `Z` says UTC. Without it nobody knows whose clock that was |
# | an **idempotency key** | an id of the event *itself*. The same event has it again when it comes twice, and no other event ever has it |
# | a **version** | so that a consumer can tell a newer event from the one that it knows |
#
# Why isn't the seat's own id enough? B-14 may be freed in March and again in April. These are two events, and both are true.
#
# How do others know what to expect? You give them a **JSON schema**: a document that says what such an event looks like, and by
# which a program can check each one. A schema for the event above might begin like this:
#
# ```yaml
# type: object
# required: [type, seat_id]        # must be there
# properties:
#   type: {const: seat.freed}      # this value, and no other
#   seat_id: {type: string}
#   row: {type: integer, minimum: 1}
#   freed_by: {enum: [refund, timeout]}
#   timestamp: {type: string, format: date-time}
# ```
#
# - `properties` says what a field looks like **if** it is there. Only `required` says that it has to be.
# - `format: date-time` accepts a moment with a zone, and nothing else.
# - What a schema doesn't mention is allowed. With `additionalProperties: false` it isn't: then next year's event, with one field
#   more, is refused by everybody who checks with this year's schema.

# %% [markdown]
# ### Exercise `event` (4 points)
#
# Write the event `order.created` and its JSON schema. Both stand in one answer: an example of the event under `event:`, and the
# schema under `schema:`. Which fields there are and what they are called is up to you, as long as people recognise them.
#
# - The event says what happened, to which order, and when; and it has an idempotency key.
# - The schema accepts good events, yours and others like it, and refuses what a consumer can't use.
# - There is room to evolve: an old consumer, with your schema, can read next year's event that has one field more. And it can
#   tell that it is a newer one.
#
# We make events out of yours, good ones, bad ones and a newer one, and hold your schema against each.
#
# ```yaml
# event:
#   type:
# schema:
#   type:
#   required:
#   properties:
# ```

# %% nbgrader={"grade": false, "grade_id": "event-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer event
### BEGIN SOLUTION
event:
  event_id: 7b1f6f0e-3a52-4f0e-8a55-0d7a0a6f2f10
  type: order.created
  version: 1
  order_id: "123"
  timestamp: 2026-03-02T10:15:00Z
schema:
  type: object
  required: [event_id, type, version, order_id, timestamp]
  properties:
    event_id: {type: string}
    type: {const: order.created}
    version: {type: integer}
    order_id: {type: string}
    timestamp: {type: string, format: date-time}
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "event", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("event")

# %%
hint("event")

# %% [markdown]
# ### Where it matters in practice
#
# A database table can be changed when all who use it are known. An event can't: it was read already, by people whom you never
# met, and it is kept. So a platform checks schemas where events are published, in a **schema registry**, and refuses a new
# version that old consumers couldn't read. That is the contract of notebook 5 once more, between teams who don't talk.

# %% [markdown]
# ## How far are you?

# %%
progress()
