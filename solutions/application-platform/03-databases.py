# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 Databases
#
# Programs and their copies come and go. Data that has to stay is in a database. Which databases should a platform support? It
# lives with this decision for a long time: adding a database is quick, and getting rid of it takes years.
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `databases` | a kind of database for each of eight workloads, and why | say what follows from each choice | 5 | 8 min |
# | `request` | the promises to a team that asks for a database | work out what follows from each promise | 5 | 15 min |
#
# Between the two exercises you will sell half a seat and then one seat twice, put a cache in front of a database and take it away
# again, and store two weeks of temperatures in less than a megabyte. All of it happens on real databases, which start on this
# machine when they are needed. If one can't start here, its cell says so, and you can read on.

# %%
# %load_ext graders.notebook

# %% [markdown]
# ## Which kind for which workload
#
# ### The question
#
# There are hundreds of databases, and six **kinds**. They differ in what one piece of data, a **record**, looks like. Look at the
# blue record in each part of this picture, and ask: what can you find quickly in this database? What not?

# %%
picture("six-kinds")

# %% [markdown]
# | kind | what it is good at | examples |
# |---|---|---|
# | `relational` | tables, and **transactions**: several changes of which all happen, or none | PostgreSQL, MySQL |
# | `document` | records of different shapes, often written as [JSON](glossary.ipynb#JSON); each has everything that belongs to it, and you can search by its fields | MongoDB, DynamoDB |
# | `time-series` | measurements that arrive all day and never change; sums and means over time | InfluxDB, TimescaleDB |
# | `key-value` | one value under one **key**, a name by which it is found; in memory and very fast; caches and sessions | Redis, Memcached |
# | `search` | text: it finds what people mean, and puts the best match on top | Elasticsearch, OpenSearch |
# | `graph` | things and the links between them; it follows links over any distance | Neo4j, AWS Neptune |
#
# None of them suits every workload. Nearly every one *can* do the work of another, for a while. That is how platforms get
# databases that they can't get rid of.
#
# ### Exercise `databases` (5 points)
#
# Eight workloads need a database. For each, write the `kind` that suits it, and the reason under `because`: one word for each.
# Choose the kind for the *questions* that are asked of the data, not for the form in which the data arrives.
#
# | reason | it says |
# |---|---|
# | `all-or-nothing` | several changes must come about together, and nobody may ever see half of them |
# | `shapes-differ` | each record has other fields, and is read with all of them |
# | `ranges-of-time` | the question is about a stretch of time: a sum, a mean, a chart |
# | `one-key-fast` | one value is asked for by its key, very often, and could be had again if it were lost |
# | `best-match-first` | people ask in their own words, and what fits best has to come first |
# | `links-of-links` | the question follows links from one thing to the next, and on from there |
#
# The workloads:
#
# | workload | the facts |
# |---|---|
# | `seat-sales` | A seat is marked as sold, its price is booked, and the voucher is used up: all three, or none of them. |
# | `catalog` | A lamp has watts, a book has an ISBN, a tent has a season. A page shows one article with all it has, and a filter finds the lamps above 60 watts. Each week there is a new kind of article. |
# | `cold-rooms` | 4,000 sensors send a temperature every ten seconds. Charts show the hourly mean of the last thirty days. No reading is ever changed. |
# | `sessions` | At each click a visitor's session is looked up by its token. If all sessions are lost, people sign in again. |
# | `help-pages` | 20,000 help pages. People type what is wrong in their own words, “prnter wont print”, and want the page that fits best on top. |
# | `fraud-rings` | Accounts share cards, phones and addresses with other accounts. Before a payout it is asked whether any chain of these, however long, leads to a known fraud. |
# | `wallets` | Payments arrive as JSON, each with the same four fields. Each takes an amount from one wallet and adds it to another, and the sum of all wallets must never change. |
# | `bestsellers` | The list of the week's bestsellers takes 3 s to work out from the orders. It is shown 500 times a second, and may be a minute old. |
#
# The right kind alone earns half of an item's points. A reason that the facts don't give takes a quarter away. Copy this form
# into the answer cell, below its first line, and fill it in:
#
# ```yaml
# seat-sales:
#   kind:
#   because:
# catalog:
#   kind:
#   because:
# cold-rooms:
#   kind:
#   because:
# sessions:
#   kind:
#   because:
# help-pages:
#   kind:
#   because:
# fraud-rings:
#   kind:
#   because:
# wallets:
#   kind:
#   because:
# bestsellers:
#   kind:
#   because:
# ```

# %% nbgrader={"grade": false, "grade_id": "databases-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer databases
### BEGIN SOLUTION
seat-sales: {kind: relational, because: all-or-nothing}
catalog: {kind: document, because: shapes-differ}
cold-rooms: {kind: time-series, because: ranges-of-time}
sessions: {kind: key-value, because: one-key-fast}
help-pages: {kind: search, because: best-match-first}
fraud-rings: {kind: graph, because: links-of-links}
wallets: {kind: relational, because: all-or-nothing}
bestsellers: {kind: key-value, because: one-key-fast}
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "databases", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("databases")

# %%
hint("databases")

# %% [markdown]
# ### Where it matters in practice
#
# Each kind that you support has to be installed, backed up, watched and patched by people who know it. So a platform offers
# two or three kinds, runs those well, and says openly what it doesn't offer. When a team asks for another database, ask
# the team: *which questions will you ask it?* Often a database that you have can answer them. PostgreSQL stores
# documents and searches text, too, as long as there isn't too much of it.
#
# The next three parts show what is behind three of the reasons: all or nothing, one key fast, ranges of time.

# %% [markdown]
# ## All or nothing
#
# ### The question
#
# To sell a seat, a cinema's program does three things: it marks the seat as sold, books the price, and uses up the voucher.
# What if it crashes after the second?
#
# ### Something to try: a crash on the way
#
# Here are the three steps in **SQL**, the language of relational databases. `UPDATE` changes rows, `INSERT` adds one. The cell
# starts PostgreSQL, runs the steps one by one, and crashes `after` two of them. The last column of the table shows what other
# users see at that moment.

# %%
from graders.application_platform.demos.databases import crash

STEPS = [
    "UPDATE seats SET sold = true WHERE seat = 12",
    "INSERT INTO bookings VALUES (12, 9.00)",
    "UPDATE vouchers SET used = true WHERE name = 'V-7'",
]

crash(STEPS, after=2)

# %%
crash(STEPS, after=2, transaction=True)

# %% [markdown]
# ### What happened, and why
#
# The first time, half a sale stays in the database. The program that could have finished it is gone. The second time, all
# steps were one **transaction**. A transaction ends with a **commit**. The program crashed before it, so none of the changes
# remains, and no other user ever saw one. All or nothing. Now crash the second cell, with its transaction, after three steps, and
# after four: when exactly does the sale become real?
#
# ### Something to try: two buyers
#
# A transaction protects you from a crash. Does it protect you from *other users*, too? The cinema also counts its sold seats. To
# sell one, a program reads the number (`SELECT`), adds one, and writes the result back. Two buyers press *Buy* at the same moment.
# Here they take turns: first each of them reads, then each of them writes. `{read}` is the number that this buyer has read.

# %%
from graders.application_platform.demos.databases import two_buyers

READ = "SELECT sold FROM seats WHERE film = 1"
WRITE = "UPDATE seats SET sold = {read} + 1 WHERE film = 1"

two_buyers(READ, WRITE)

# %% [markdown]
# ### What happened, and why
#
# Both read 40, both worked out 41, and both wrote it. Two people have a ticket, and the counter grew by one. That is a **lost
# update**. No program crashed, no log has an error, and each of the four steps was right. Only the *gap* between
# reading and writing was wrong: the other buyer used it. So let us make one transaction of the two steps.
#
# ### Something to try: two buyers with a transaction

# %%
two_buyers(READ, WRITE, transaction=True)

# %% [markdown]
# ### What happened, and why
#
# Look at the last column first: after buyer A has written, all others still see 40. Only the commit makes it 41. So the
# transaction does what it promises. Buyer B even had to *wait* before writing, because buyer A was changing that row.
#
# And still one sale is lost! Buyer B waited, and then wrote the number that it had worked out before: 40 + 1. The **isolation
# level** says how much transactions see of each other. At PostgreSQL's default level a transaction alone doesn't prevent
# a lost update. Many programs rely on it all the same.
#
# Buyer B should have waited earlier: *before reading*. `FOR UPDATE` does that. It reads a row and **locks** it: every other
# transaction that wants to lock or change that row waits until this transaction is over.
#
# ### Something to try: two buyers with a lock

# %%
two_buyers(READ + " FOR UPDATE", WRITE, transaction=True)

# %% [markdown]
# ### What happened, and why
#
# Now buyer B waits in its first step, reads 41 after buyer A's commit, and writes 42. Nothing is lost, and one of them waited for
# a moment. That is the price: the more buyers want the same row, the longer they wait.
#
# There are two other ways. Try them in the cell above:
#
# - `two_buyers(READ, "UPDATE seats SET sold = sold + 1 WHERE film = 1")`. Here the database itself reads and writes, in *one*
#   statement, and no other buyer comes in between. If you can write your change like this, it is the simplest way.
# - `two_buyers(READ, WRITE, transaction="serializable")`. This isolation level promises a result as if one transaction had
#   run after the other. If it can't keep that promise, it **refuses** a transaction, and the program has to start it again. Look
#   at the turn in which that happens. A program that doesn't try again shows its user an error.
#
# And what does `FOR UPDATE` do without a transaction? Guess first, then remove `transaction=True`.
#
# ### Where it matters in practice
#
# You don't write these programs. But a team that uses transactions everywhere will ask you why its stock is negative or why money
# is missing. Ask the team: *what do you lock, or what do you retry?* And you choose the database for such data: if it has no
# transactions over several records, then no program can prevent this.

# %% [markdown]
# ## One key, fast
#
# ### The question
#
# A shop has visitors from sixty towns. For each visitor, its page shows what that town bought most this week. To find that out,
# PostgreSQL reads 60,000 orders. That takes some milliseconds; in a shop with more orders it may take seconds. A moment later, for
# the next visitor from that town, PostgreSQL does it all again. How old may an answer be?
#
# A **cache** keeps answers in memory, so that they needn't be worked out again. A question that it can answer is a **hit**; any
# other is a **miss**. The **time to live** says how long it keeps an answer.
#
# ### Something to try: a cache before the database
#
# This function is a whole cache. It looks into Redis first, and asks PostgreSQL only when Redis has no answer. Then it leaves the
# answer in Redis for the next visitor. The pattern is called *cache-aside*.
#
# Then 600 visitors come, ten per second, on a clock that runs faster than yours. A few towns have many visitors, and most towns have
# few. Before you run it, guess: how many of the 600 visits will be hits?

# %%
from graders.application_platform.demos.databases import hit_rates, visitors, without_cache


def answer(town, cache, database, keep):
    """The bestsellers of a town, at most `keep` seconds old."""
    kept = cache.get(town)
    if kept is None:
        kept = database.bestsellers(town)
        cache.set(town, kept, keep)
    return kept


visitors(answer, keep=60)

# %% [markdown]
# ### What happened, and why
#
# In this figure, each step on the axis is ten times the step before, so compare the numbers. A hit takes much less time than the
# database: it reads one key and adds nothing up. And most visits are hits, although most *towns* have few visitors: a
# few towns make up most of the visits.
#
# Look at the last row. Its p50 is that of a hit. Its p99 is usually that of a miss: a cache makes the usual visit fast,
# but one visit in a hundred takes as long as before, and a little longer. So a cache helps the database more than it helps your
# promise about p99.
#
# ### Something to try: how long to keep
#
# The same visitors come three more times. Only the time to live differs. Add a `0.1`. Then add a `300`: why is that no better
# than 60?

# %%
hit_rates(answer, keeps=(1, 10, 60))

# %% [markdown]
# ### What happened, and why
#
# The longer the cache keeps an answer, the more hits there are, and the older are the answers. An answer that is out of date is
# called **stale**. If the list misses a new bestseller for a minute, no harm is done. A price that is a minute old can do harm. And
# the number of free seats must not come from a cache when somebody pays for a seat.
#
# So the time to live isn't a technical figure. It is the answer to *how old may it be?*, and the team that knows the data has
# to give it.
#
# ### Something to try: without the cache
#
# Can a service do without its cache? Here Redis runs for 200 visitors, is *stopped* for the next 200, and runs again for the
# last 200.

# %%
without_cache(answer)

# %% [markdown]
# ### What happened, and why
#
# Every visitor got an answer. While Redis was stopped, each of them waited for the database. When Redis came back it was
# empty, and it filled up again by itself. This is how a cache should fail: the answers are slower, and still right.
#
# It was easy because only one visitor asks at a time here. With 500 visitors per second, the database suddenly gets about ten
# times its usual work. Then it isn't slower, it is down. If a service can't work without its cache, then its cache is really
# a database without backups.
#
# ### Where it matters in practice
#
# Two figures belong on the dashboard of every cache: its **hit rate**, and the work that the database would have to do
# without it. Before you restart a cache at a busy hour, ask whether the database can answer all its visitors meanwhile.

# %% [markdown]
# ## Ranges of time
#
# ### The question
#
# Ten thermometers send their temperature once a minute. After two weeks that is 201,600 readings, each of them a number with a
# time. No reading is ever changed, and nobody asks for a single one. People ask for *the mean of each hour, for the last
# week*. How would you store the readings?
#
# ### Something to try: rows beside buckets
#
# The first way is the obvious one: a row for each reading. The second way puts the 60 readings of an hour into one record, a
# **bucket**. A reading differs very little from the reading before, so the bucket stores only the *difference*, in one byte. It
# also stores the number of its readings and their sum. Both ways keep every reading. The cell fills PostgreSQL in
# both ways, asks both the same question, and compares the answers.

# %%
from graders.application_platform.demos.databases import rows_and_buckets

rows_and_buckets(thermometers=10, days=14, asked=7)

# %% [markdown]
# ### What happened, and why
#
# **On disk** a row takes far more space than the number in it. For each row PostgreSQL also stores which transaction wrote it,
# its time and its thermometer. It stores most of that once more in the **index**, the sorted list by which it finds
# rows. A bucket needs all this once an hour, and then one byte per reading.
#
# **In time** a row costs more, too. The mean of a week needs 100,800 rows, or the sums of 1,680 buckets: buckets do the work once,
# when the readings arrive, and not for each question.
#
# What is the disadvantage? It is difficult to change a bucket, or to add a late reading to last week. Readings rarely
# need that. Orders often do. Double the days and look again: which of the bars grow?
#
# A **time-series database** does all this for you. It packs readings into buckets as they arrive, keeps sums and means up to
# date, finds a period of time by its bucket, and deletes whole buckets when they are old enough.
#
# ### Where it matters in practice
#
# Your platform's own [metrics](glossary.ipynb#metrics) are probably the largest time series that you will ever store. How long and how precisely to keep
# them is a question of money. A usual answer: every second for a day, every minute for a month, every hour for years.

# %% [markdown]
# ## What a database needs from a platform
#
# ### The question
#
# An application team writes: *we need PostgreSQL 15, 100 GB, highly available.* Those are three facts. Starting a database is easy:
# this notebook did it for you above. What else does it need, so that it still works in three years?
#
# Each database that you offer comes with six duties.
#
# **Provisioning.** A text describes the database, and a tool creates it from that text. The tool may be Terraform, Helm or
# an operator. (An **operator** is a program in the cluster that looks after one kind of thing.) Then the second database
# is exactly like the first one, and after a disaster you can create all of them again.
#
# **Backups.** They are made automatically, and often enough: all changes since the last backup may be lost.
# **Point-in-time recovery** stores each change as well, so that you can go back to the minute before somebody deleted a table.
# And a backup that you have never restored may not work. Restore it regularly, and check that the data is there.
#
# **Monitoring.** Three figures say most: the number of open *connections*, because the server accepts only so many; the **replication lag**,
# which is how far the standby is behind; and *slow queries*, because they appear long before users complain. Each figure needs
# an alert, so that somebody learns of it.
#
# **Patching.** New versions close security holes that attackers already know, so they can't wait for long. *Highly available* means
# that there is a **standby**, a copy that follows the **primary**, the server that takes the changes. Patch the standby, let it
# take over, then patch the other one. The switch takes seconds, at a time that was agreed on.
#
# **Connection pooling.** Each connection to PostgreSQL is a process with memory of its own. Two hundred pods with
# ten connections each are too many. A **pool**, such as PgBouncer or ProxySQL, stands in between: it lends a few connections
# to many programs, for one transaction at a time.
#
# **Rotation of secrets.** Everybody who ever saw a password that never changes still knows it. A new password should be routine: it
# comes automatically, on a schedule, and for some time both the old and the new one work, so that no pod loses its access.
#
# ### Where it matters in practice
#
# The six duties depend on each other. High availability without monitoring: the standby is hours behind, and you don't know.
# Backups without a restore: you only hope that they work. So you don't answer a request with a database alone, but with all six
# duties. That is why a platform offers two kinds of database and does it well, and doesn't offer six.

# %% [markdown]
# ## From a request to promises
#
# ### The question
#
# So the team gets promises with its database: how often, how many, when. Which figures are right? You can't know
# them. The team can, if you ask in its own words. You asked, and this is what the team said:
#
# | about | what the team tells |
# |---|---|
# | size | 100 GB now, and hardly more within a year |
# | loss | at most the orders of the **last 5 minutes** may be lost |
# | restoring | the shop may be away for **4 hours** at most |
# | backups | making a full one takes 1 hour, reading it in takes 1 hour. Then the changes since are replayed from the log: 1 hour for each day |
# | proof | the auditors want to see that a restore has worked, and not longer ago than 90 days |
# | pods | 12 pods, and 15 while an update runs. Each opens 20 connections and **holds** them, whether it works or not |
# | work | on a usual day 40 transactions are at work at one time, in the busiest hour 60 |
# | server | it takes 200 connections, and keeps 10 of them for administrators |
# | password | a new one at least every 30 days. A password that was replaced must be dead a day later. Pods read theirs anew every 10 minutes |
# | fixes | a security fix is in place within 14 days. It is quiet on Tuesdays from 02:00 to 04:00 UTC, and never else |
# | restart | a server that is patched is away for 4 minutes. To let a standby take over takes 5 seconds. Nobody may be cut off for more than 60 seconds |
# | speed | a usual query takes 20 ms, and a page gives up after 500 ms |
#
# ### Something to try
#
# Begin with one line of that table. How long does a restore take if there is a full backup once a week? Change the days until the
# restore fits into 4 hours.

# %%
reading_in = 1  # hour
for days_between_backups in (7, 2, 0.5):
    replaying = 1 * days_between_backups  # hours: one for each day of changes
    print(f"a full backup every {days_between_backups} days: away for up to {reading_in + replaying} h")

# %% [markdown]
# ### What happened, and why
#
# Suppose that the disks fail at the worst moment, just before the next full backup. Then all changes since the last one are replayed
# from the log, and the shop is down for so long. A weekly backup looks fine on all other days.
#
# And how often is the *log* copied to another place? Changes that haven't been copied when the disks fail are **lost**.
# So there are two intervals, and each belongs to another line of the table. A third one says how old the last proof may be that a
# restore works.
#
# The other duties are similar: each promise has to fit what the team said, and a few promises have to fit each other.
#
# | word | it means |
# |---|---|
# | **pooler** | the program that pools: pods connect to it, and it lends them its own connections to the server |
# | `session` mode | a connection is lent for as long as the pod stays connected |
# | `transaction` mode | a connection is lent for one transaction, and goes back |
# | `statement` mode | a connection is lent for a single statement; the next one may get another |
# | **overlap** | for how long the old password and the new one both work |
#
# ### Exercise `request` (5 points)
#
# Write down what the platform promises. Each field takes a word from its list, a whole number, a number with a unit, or a time of
# day. If you write something else, the answer cell says so at once, and shows how to write it. We work out what follows from every
# promise: which data is lost, which pods are refused, who gets an alert without need.
#
# | field | it says |
# |---|---|
# | provisioning: `by` | what makes the database |
# | `version`, `storage`, `standbys` | which PostgreSQL, how much disk, how many servers stand by |
# | backups: `full-every`, `log-every` | how far apart full backups are, and copies of the log |
# | `restore-test-every` | how far apart two tries to restore are |
# | pooling: `by`, `mode` | what pools, and for how long it lends a connection; `in-each-pod` is a pool in every program |
# | `client-connections` | how many connections the pooler takes from all pods |
# | `server-connections` | how many it opens to the server |
# | rotation: `every`, `overlap` | how often there is a new password, and how long the old one still opens |
# | patching: `every`, `window` | how often, and on which day, from when to when, in UTC |
# | `first` | which server is patched first |
# | alerts: `replication-lag` | somebody is called when the standby is so far behind |
# | `slow-query` | somebody is called when queries take so long |
# | `connections` | somebody is called when so many of the pooler's connections to the server are taken |
#
# Remember two things about alerts. An alert that comes **too late** is useless. An alert that comes on a **usual day** is
# switched off within a week.
#
# Copy this form into the answer cell, and fill it in. The comment behind each `#` says how to write that field:
#
# ```yaml
# provisioning:
#   by:                  # one of operator · helm · terraform · by-hand
#   version:             # a whole number, such as 12
#   storage:             # a number and a unit (MB · GB · TB · Mi · Gi · Ti), such as 30 GB
#   standbys:            # a whole number, such as 12
# backups:
#   full-every:          # a number and a unit (ms · s · min · h · day · days), such as 100 days
#   log-every:           # a number and a unit (ms · s · min · h · day · days), such as 100 days
#   restore-test-every:  # a number and a unit (ms · s · min · h · day · days), such as 100 days
# pooling:
#   by:                  # one of pgbouncer · proxysql · in-each-pod · none
#   mode:                # one of session · transaction · statement
#   client-connections:  # a whole number, such as 12
#   server-connections:  # a whole number, such as 12
# rotation:
#   every:               # a number and a unit (ms · s · min · h · day · days), such as 100 days
#   overlap:             # a number and a unit (ms · s · min · h · day · days), such as 100 days
# patching:
#   every:               # a number and a unit (ms · s · min · h · day · days), such as 100 days
#   window:
#     day:               # one of Mon · Tue · Wed · Thu · Fri · Sat · Sun
#     from:              # a time from 00:00 to 24:00, such as 20:30
#     to:                # a time from 00:00 to 24:00, such as 20:30
#   first:               # one of standby · primary · all-at-once
# alerts:
#   replication-lag:     # a number and a unit (ms · s · min · h · day · days), such as 100 days
#   slow-query:          # a number and a unit (ms · s · min · h · day · days), such as 100 days
#   connections:         # a whole number, such as 12
# ```

# %% nbgrader={"grade": false, "grade_id": "request-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer request
### BEGIN SOLUTION
provisioning:
  by: operator
  version: 15
  storage: 100Gi
  standbys: 1
backups:
  full-every: 1 day
  log-every: 1 min
  restore-test-every: 30 days
pooling:
  by: pgbouncer
  mode: transaction
  client-connections: 400
  server-connections: 100
rotation:
  every: 14 days
  overlap: 1 h
patching:
  every: 7 days
  window:
    day: Tue
    from: 02:00
    to: 04:00
  first: standby
alerts:
  replication-lag: 1 min
  slow-query: 200 ms
  connections: 80
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "request", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("request")

# %%
hint("request")

# %% [markdown]
# ### Where it matters in practice
#
# The request was one line, and your answer has twenty-one figures and words. No one in the team could have named a pool size. But
# everybody there knew how much data may be lost, how long the shop may be down and when it is quiet. **Ask for those.** The other
# figures follow from them, and you can show how.
#
# On a real platform you don't fill in such a form for each team. The platform offers two or three sizes in which all of it is
# decided, and a team picks one. That is a **golden path**. Notebook 5 is about golden paths.

# %% [markdown]
# ## How far are you?

# %%
progress()
