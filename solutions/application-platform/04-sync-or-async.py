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
# One program needs another. Does it **wait** for the answer, or does it leave a **message** and go on? This choice decides who
# has to wait, and what else fails when one part fails. In this notebook you measure both, in two real shops.
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `interactions` | ten times: wait or not, and why | say what follows from each choice | 4 | 8 min |
# | `event` | an event and its schema | try it on good events, bad ones, and a newer one | 4 | 10 min |

# %%
# %load_ext graders.notebook

# %% [markdown]
# ## Who waits for whom
#
# ### The question
#
# A customer orders something and should get an email. Sending it takes a while. Look at the picture: in which of the two shops does
# the customer wait for the mail server?

# %%
picture("sync-and-async")

# %% [markdown]
# - **Synchronous**: the caller asks, waits for the answer, and then goes on. Function calls and requests over HTTP are
#   synchronous.
# - **Asynchronous**: the caller leaves a message and goes on. Another program takes the message later. In between, a
#   [queue](glossary.ipynb#message-queue) keeps the message.
#
# ### Something to try: two shops
#
# The next cell starts two shops on this machine, one after the other. Each has an API, a worker, PostgreSQL, Redis and a
# message queue. They differ in one arrow. In one shop, the API calls the worker and waits until the email is sent. In the
# other one, the API leaves a message on the queue. In both, the mail server takes 100 ms for an email and sends one at a time.
#
# Each shop gets 24 orders, from 4 customers at a time. **Guess first**: how long does a customer wait in each? The cell takes
# about ten seconds.

# %%
from graders.application_platform.demos.waiting import beside, without

beside(orders=24, mail=0.1)

# %% [markdown]
# ### What happened, and why
#
# Half of the customers waited no longer than [p50](glossary.ipynb#p50-and-p99); one in a hundred waited longer than **p99**. *Inside the request*,
# each customer waits for the email, and for the emails of all customers before. *By the queue*, no customer waits for an email: the
# API stores the order, leaves the message, and answers.
#
# Now look at the lower picture. The emails aren't faster. Something still waits, but it isn't **people**: it is messages, on the
# queue. The number of messages that wait is the **queue depth**. It grows while orders arrive faster than the worker sends
# emails, and shrinks when it is quiet.
#
# Try it with a slower mail server, `mail=0.2`, or with more orders.
#
# ### Where it matters in practice
#
# The queue depth is the first thing to watch on a platform with workers. If it grows and shrinks, all is well. If it only
# grows, there are too few workers, or a service that they call is down. Customers don't complain yet. That is good, and it is also
# dangerous.

# %% [markdown]
# ## When something is down
#
# ### The question
#
# A release went wrong, and the **worker** is stopped. Customers still order. What answer do they get in each of the two shops? And
# when the worker is back, who gets an email?
#
# ### Something to try
#
# Five orders arrive while the worker is stopped. Then it starts again.

# %%
without("worker")

# %% [markdown]
# Now the worker runs, but the **mail server** accepts no email. Guess again before you run the cell.

# %%
without("mail server")

# %% [markdown]
# ### What happened, and why
#
# With the email inside the request, a shop that can't send email can't sell. The failure went **up** the arrow: from the mail
# server to the worker, from the worker to the API, from the API to the customer. That is called a **cascade**.
#
# Read the first row again. All customers got an error. How many orders were *stored*? The API stored each order before it tried to
# send the email. So five people think that they have ordered nothing, and press the button again. When only the first of two steps
# succeeds, the answer to the customer is wrong.
#
# By the queue, the customers noticed nothing. The messages waited, and when the worker or the mail server was back, the emails
# followed. A late email does no harm. But there is a price: when the API says *thank you*, it doesn't **know** yet whether
# the email will ever arrive.
#
# ### Where it matters in practice
#
# So which one is right? Ask what the caller does with the answer:
#
# | synchronous: wait, when | asynchronous: don't wait, when |
# |---|---|
# | the caller needs the answer to go on | nobody needs an answer now |
# | it has to be done within a tight deadline | one side must not fail with the other, or doesn't even know it |
# | all of it must happen, or none | the work is slow, or may be slow |

# %% [markdown]
# ### Exercise `interactions` (4 points)
#
# Ten times, one program needs another. For each, say `how`: `synchronous` or `asynchronous`, and give the reason under `because`. The
# facts must say that reason: choose it only if you can point at the words. One reason is enough; if the facts give several, you may
# write a list: `[one, another]`. The right choice alone earns half of an item's points. Each reason that the facts don't
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
# | `last-seat` | When the last seat is sold, it is marked as taken and its price is booked. No reader may see the one without the other. |
# | `price-change` | When a price changes, the search index and the shops of partners are waiting to take it over. Partners come and go, and the program that changes prices doesn't know them. |
# | `motor-stop` | Somebody opens the guard of a saw. The motor has to stand still within 200 ms; nothing needs to come back. |
# | `year-export` | An accountant presses Export, and waits for an email with a link to the file. Adding the year up takes six minutes. |
# | `wallets` | Five euros leave one wallet and reach another one in the same database. No reader may see them in neither or in both. |
# | `small-copies` | An uploaded photo gets three small copies, at 4 s each. Until they are there, the visitor looks at gray boxes. |
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
# When a program waits for an answer, how does it ask? There are two common ways, and you will host both.
#
# - **REST**: each thing has an address, and you ask for it over HTTP: `GET /api/v1/orders/123`. The answer is [JSON](glossary.ipynb#JSON), a text that
#   people can read. The client proves its rights with a **bearer token**, a secret in the request's header. Every client that has
#   the token may ask.
# - **gRPC**: you call a function of the other program: `GetOrder`. A contract says beforehand which data goes in and which comes
#   out. The data travels as a few bytes.
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
# The next cell compiles that contract, starts a small service with one order, and asks for the order in both ways. Which
# answer is smaller? Can you find the word `paid` in both?

# %%
from graders.application_platform.demos.calls import both, old_client

both(CONTRACT)

# %% [markdown]
# ### What happened, and why
#
# JSON sends the **names** of the fields each time. gRPC sends their **numbers**: that is what the numbers are for. `12` says
# *field 2, a text*, `04` says *four letters*, and then come `70 61 69 64`, the letters of *paid*. With the contract you can
# read the answer. Without it you only see bytes.
#
# | | REST | gRPC |
# |---|---|---|
# | read by eye | yes, with any tool | no, only with the contract |
# | the contract | a document beside it, if somebody wrote one | a file that both sides are built from |
# | who likes it | browsers, partners, people | services among themselves |
#
# Don't choose by the time that a call takes here. Both are fast, and the faster one depends on the libraries.
#
# ### Where it matters in practice
#
# For a platform engineer the two differ. A [load balancer](glossary.ipynb#load-balancer) sees every REST request with its address. A gRPC client opens one
# long connection and sends all its calls through it. So a load balancer that only counts connections sends all of them to the same pod.

# %% [markdown]
# ## A contract that grows
#
# ### The question
#
# Next month an order gets a currency. The service has twelve clients that were built with the old contract, and they won't be
# released on the same day. Will they still work?
#
# ### Something to try
#
# A new field with a **new number**, and an old client that asks the new service:

# %%
DISCOUNT, CURRENCY = "int32 discount_cents = 4;", "string currency = 5;"

old_client(CONTRACT.replace(DISCOUNT, DISCOUNT + CURRENCY))

# %% [markdown]
# The old client doesn't know number 5 and skips it. Now somebody tidies up. The discount moves up, and the total goes to the
# end: only two numbers change places. What does the old client show to its customer?

# %%
TIDY = CONTRACT.replace("int32 total_cents = 3;", "int32 discount_cents = 3;")
TIDY = TIDY.replace(DISCOUNT, "int32 total_cents = 4;")

old_client(TIDY)

# %% [markdown]
# And here the total becomes a text, because somebody wants to have `EUR` in it, too:

# %%
old_client(CONTRACT.replace("int32 total_cents = 3;", "string total_cents = 3;"))

# %% [markdown]
# ### What happened, and why
#
# No client crashed, and no log has an error. One customer paid the discount, another one nothing. The network carries only
# numbers and bytes; their meaning is only in the contract. So there are a few strict rules:
#
# - **Add** fields, with numbers that were never used.
# - **Never** change a field's number or type, and never use a number again. A field that is no longer needed stays empty.
# - A reader **skips** fields that it doesn't know, and works without new fields.
#
# ### Where it matters in practice
#
# The same rules are true for JSON, with names in place of numbers. They are true for database tables that two releases use at the
# same time. And they are true for events, in the next part: you don't even know who reads an event.

# %% [markdown]
# ## Events
#
# ### The question
#
# A message on a queue may be a command: *send this email*. An **event** is different. It says what has *happened*, such as
# `order.created`, and others decide what to do about it. The API writes it to a **topic**, here `order-events`, and
# every interested program reads it there: one **consumer** sends the email, another one lowers the stock. Each consumer has its own
# pace, and the API doesn't know them.
#
# Consumers can't ask the API for more details. So what has to be in an event?
#
# ### Something to try
#
# Here is **another** event, as a service that prints tickets might write it. A queue delivers *at least once*, and
# this consumer gets the event twice. How can the consumer know that it is the same event?

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
# | a **time** | when it happened, in the form of [ISO 8601](glossary.ipynb#ISO-8601), in UTC: `2026-03-02T10:15:00Z`. The `Z` stands for UTC. Without it the time zone isn't known |
# | an **idempotency key** | an id of the event *itself*. If the same event is delivered twice, it has the same key, and no other event ever has that key |
# | a **version** | so that a consumer can distinguish a newer event from the one that it knows |
#
# Why isn't the seat's own id enough? B-14 may be freed in March and again in April. These are two events, and both are true.
#
# How do others know what to expect? You give them a **JSON schema**: a document that says what such an event looks like. A program
# can check each event with it. A schema for the event above might begin like this:
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
# - `properties` says what a field looks like **if** it is there. Only `required` says that it has to be there.
# - `format: date-time` accepts a date and a time with a time zone, and nothing else.
# - A schema allows fields that it doesn't mention. With `additionalProperties: false` it doesn't: then everybody who checks with
#   this year's schema refuses next year's event, which has one more field.

# %% [markdown]
# ### Exercise `event` (4 points)
#
# Write the event `order.created` and its JSON schema. Both are in one answer: an example of the event under `event:`, and the
# schema under `schema:`. You choose the fields and their names; people should recognize what they mean.
#
# - The event says what happened, to which order, and when; and it has an idempotency key.
# - The schema accepts good events, yours and similar ones, and refuses events that a consumer can't use.
# - The event can evolve: an old consumer with your schema can read next year's event, which has one more field. And it can
#   see that this is a newer event.
#
# We make good events, bad events and a newer event out of yours, and check each with your schema.
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
# You can change a database table if you know everybody who uses it. You can't change an event: programs that you don't know have
# already read it and stored it. So a platform checks schemas where events are published, in a **schema registry**, and refuses a
# new version that old consumers couldn't read. That is a contract, too, between teams that don't know each other. Notebook 5 is
# about contracts.

# %% [markdown]
# ## How far are you?

# %%
progress()
