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
# Programs come and go, and copies of them too. What has to stay is in a database. Which ones to support is one of the
# decisions that a platform lives with longest: taking a database in is quick, and getting rid of it takes years.
#
# | exercise | you write | what we do with it | points | about |
# |---|---|---|---|---|
# | `databases` | a kind of database for each of eight workloads, and why | tell what would come of it | 5 | 8 min |
# | `request` | what a team is promised that asks for a database | work out what comes of each promise | 5 | 15 min |
#
# Between the two you will sell half a seat and then one seat twice, put a cache before a database and take it away again, and
# squeeze two weeks of temperatures into less than a megabyte. All of it happens on real databases, which start on this machine
# when they are needed. Where one can't be had, its cell says so, and you can read on.

# %%
# %load_ext graders.notebook

# %% [markdown]
# ## Which kind for which workload
#
# ### The question
#
# There are hundreds of databases, and six **kinds**. They differ in what one piece of data looks like. A piece is called a
# **record**. Look at the blue one in each part of this picture, and ask: what is quick to find in there? What isn't?

# %%
picture("six-kinds")

# %% [markdown]
# | kind | what it is good at | examples |
# |---|---|---|
# | `relational` | tables, and **transactions**: several changes that come about together or not at all | PostgreSQL, MySQL |
# | `document` | records of varying shape, each with all that belongs to it; its fields can be searched | MongoDB, DynamoDB |
# | `time-series` | samples that come in all day and are never changed; sums and means over time | InfluxDB, TimescaleDB |
# | `key-value` | one value under one key, kept in memory, very fast; caches and sessions | Redis, Memcached |
# | `search` | text: finds what people mean, and puts the best hit on top | Elasticsearch, OpenSearch |
# | `graph` | things and the links between them; following links as far as they go | Neo4j, AWS Neptune |
#
# None of them suits every workload. Nearly every one *can* be made to do the work of another, for a while: that is how
# platforms come by databases that nobody can get rid of.
#
# ### Exercise `databases` (5 points)
#
# Eight workloads look for a database. For each write the `kind` that suits it, and `because` of what: one word for each.
# Choose the kind for what is *asked* of the data, not for how it looks when it arrives.
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
# | `catalog` | A lamp has watts, a book has an ISBN, a tent has a season. A page shows one article with all it has, and a filter finds the lamps above 60 watts. Each week there is something of a kind that nobody has sold before. |
# | `cold-rooms` | 4,000 sensors send a temperature every ten seconds. Charts show the hourly mean of the last thirty days. No reading is ever changed. |
# | `sessions` | At each click a visitor's session is looked up by its token. If all sessions are lost, people sign in again. |
# | `help-pages` | 20,000 help pages. People type what is wrong in their own words, “prnter wont print”, and want the page that fits best on top. |
# | `fraud-rings` | Accounts share cards, phones and addresses with other accounts. Before a payout it is asked whether any chain of these, however long, leads to a known fraud. |
# | `wallets` | Payments arrive as JSON, each with the same four fields. Each takes an amount from one wallet and adds it to another, and the sum of all wallets must never change. |
# | `bestsellers` | The list of the week's bestsellers takes 3 s to work out from the orders. It is shown 500 times a second, and may be a minute old. |
#
# A right kind alone earns half of an item's points, and a reason that the facts don't give takes a quarter away. Copy this form into the answer cell, below its first line, and fill it in:
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
# Each kind that you support has to be installed, backed up, watched and patched, by people who know it. So a platform offers
# two or three kinds and does those well, and says openly what it doesn't offer. When a team asks for a seventh database, ask
# back: *what will you ask it?* Often a database that you have can answer that, at the size that they have. PostgreSQL keeps
# documents and searches text, too, as long as there isn't too much of it.
#
# The next three parts look at three of the reasons, to see what is behind them: all or nothing, one key fast, ranges of time.

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
# starts PostgreSQL, runs the steps one by one, and crashes `after` two of them. The last column of the table is what anybody
# else would see at that moment.

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
# The first time half a sale stays. Nobody will ever finish it: the program that knew about it is gone. The second time all
# steps were one **transaction**. It ends with a **commit**, and that was never reached: so nothing of it has happened, and
# nobody saw any of it meanwhile. All or nothing. Now crash the second one, with its transaction, after three steps, and after
# four: when exactly does the sale come about?
#
# ### Something to try: two buyers
#
# A transaction protects from a crash. Does it protect from *other people*, too? The cinema also counts its seats. To sell one,
# a program reads the number (`SELECT`), adds one, and writes the result back. Two buyers press *Buy* at the same moment. They
# take turns here: first each reads, then each writes. `{read}` stands for what this buyer has read.

# %%
from graders.application_platform.demos.databases import two_buyers

READ = "SELECT sold FROM seats WHERE film = 1"
WRITE = "UPDATE seats SET sold = {read} + 1 WHERE film = 1"

two_buyers(READ, WRITE)

# %% [markdown]
# ### What happened, and why
#
# Both read 40, both worked out 41, and both wrote it. Two people hold a ticket, and the counter knows of one. That is a **lost
# update**. No program crashed, no error was written to any log, and each of the four steps was right. Only the *gap* between
# reading and writing was wrong: somebody else came in there. So let us make one transaction of the two steps.
#
# ### Something to try: two buyers with a transaction

# %%
two_buyers(READ, WRITE, transaction=True)

# %% [markdown]
# ### What happened, and why
#
# Look at the last column first: after buyer A has written, everybody else still sees 40. Only the commit makes it 41. So the
# transaction does what it promises. Buyer B even had to *wait* before writing, because buyer A was at that row.
#
# And still one sale is lost! Buyer B waited, and then wrote what it had worked out long before: 40 + 1. How far transactions
# are kept apart is called the **isolation level**. At PostgreSQL's default level a transaction alone doesn't protect you from
# this, and many programs rely on it all the same.
#
# Buyer B should have waited earlier: *before reading*. `FOR UPDATE` says so. It reads a row and **locks** it: who else wants
# to lock or change that row waits until this transaction is over.
#
# ### Something to try: two buyers with a lock

# %%
two_buyers(READ + " FOR UPDATE", WRITE, transaction=True)

# %% [markdown]
# ### What happened, and why
#
# Now buyer B waits in its first step, reads 41 once buyer A is through, and writes 42. Nothing is lost; one of them waited for
# a moment. That is the price: the more buyers want the same row, the longer they stand in line.
#
# There are two other ways. Try them in the cell above:
#
# - `two_buyers(READ, "UPDATE seats SET sold = sold + 1 WHERE film = 1")`. Here the database itself reads and writes, in *one*
#   statement, and nobody comes in between. If your change can be said like this, nothing is simpler.
# - `two_buyers(READ, WRITE, transaction="serializable")`. This isolation level promises that all comes out as if one had
#   gone after the other. Where it can't keep that, it **refuses** a transaction, and the program has to begin it again. Look
#   at the turn in which that happens. A program that doesn't try again shows its user an error.
#
# And what does `FOR UPDATE` do without a transaction? Take a guess, then take `transaction=True` away.
#
# ### Where it matters in practice
#
# You don't write these programs. But you will be asked why stock is negative or why money is missing, by a team that has
# transactions everywhere. Ask them: *what do you lock, or what do you retry?* And you choose where such data may live: in a
# database that has no transactions over several records, a program can try what it likes.

# %% [markdown]
# ## One key, fast
#
# ### The question
#
# Sixty towns, and each wants to know what its people bought most this week. To answer, PostgreSQL goes through 60,000 orders.
# That takes some milliseconds; in a shop with more orders it may be seconds. And a moment later, for the next visitor from
# that town, it does it all again. How old may an answer be?
#
# A **cache** keeps answers in memory so that they needn't be worked out again. A question that it can answer is a **hit**; any
# other is a **miss**. How long it keeps an answer is called its **time to live**.
#
# ### Something to try: a cache before the database
#
# This function is all there is to it. It looks into the cache (Redis) first, and asks the database (PostgreSQL) only where the
# cache has nothing; then it leaves the answer there for the next one. The pattern is called *cache-aside*.
#
# Then 600 visitors come, ten a second, by a clock that runs faster than yours. Some towns are asked for often and most of them
# seldom, as always with people. Before you run it: how many of the 600 will be hits?

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
# Each tenfold is equally wide in this figure, so compare the numbers. A hit takes a small part of what the database takes:
# nothing is added up, and one key is read. And most visits are hits, although most *towns* are asked for only now and then: a
# few towns make up most visits.
#
# Look at the last row. Its p50 is that of a hit. Its p99 is, as a rule, that of a miss: a cache makes the usual visitor fast,
# and the unlucky one waits as before, and a little longer. So a cache helps the database more than it helps your promise about
# p99.
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
# The longer an answer is kept, the more hits; and the older is what visitors see. An old answer is called **stale**. For a
# minute the list leaves out a book that has just become a bestseller, and nobody is hurt. A price that is a minute old is
# another matter, and the number of seats that are left has no business in a cache at all if somebody pays by it.
#
# So the time to live isn't a technical figure. It is the answer to *how old may it be?*, and the team that knows the data has
# to give it.
#
# ### Something to try: without the cache
#
# A cache is a convenience. Is it, really? Here Redis is there for 200 visitors, then it is *stopped* for 200, and then it is
# back.

# %%
without_cache(answer)

# %% [markdown]
# ### What happened, and why
#
# Every visitor got an answer. While Redis was stopped they waited for the database, each of them; when it came back it was
# empty, and filled up again by itself. This is how a cache should fail: slower, and right.
#
# It was easy because only one visitor asks at a time here. With 500 a second the database gets, all at once, about ten times
# the work that it is used to; and then it isn't slower, it is down. If a service can't live without its cache, then what it
# has isn't a cache but a database without backups.
#
# ### Where it matters in practice
#
# Two figures belong on the dashboard of every cache: its **hit rate**, and what the database behind it would have to do
# without it. And before you restart a cache at noon, think of where its visitors go meanwhile.

# %% [markdown]
# ## Ranges of time
#
# ### The question
#
# Ten thermometers send their temperature once a minute. After two weeks that is 201,600 readings, each of them a number with a
# moment. Nobody ever changes one, nobody asks for a single one. What people ask is: *the mean of each hour, for the last
# week*. How would you keep them?
#
# ### Something to try: rows beside buckets
#
# The first way is the obvious one: a row for each reading. The second puts the 60 readings of an hour into one record, a
# **bucket**. A reading differs from the one before by very little, so only the *difference* is kept, in one byte. Beside them
# the bucket has how many there are, and what they add up to. Both ways keep every reading. The cell fills PostgreSQL with
# both, asks both the same question, and compares the answers.

# %%
from graders.application_platform.demos.databases import rows_and_buckets

rows_and_buckets(thermometers=10, days=14, asked=7)

# %% [markdown]
# ### What happened, and why
#
# **On disk** a row costs far more than the number in it. PostgreSQL has to remember of each row which transaction wrote it,
# which moment it is from and which thermometer; and most of that again in the **index**, the sorted list by which rows are
# found. A bucket pays for it once an hour, and then one byte a reading.
#
# **In time** a row costs more, too. The mean of a week needs 100,800 rows, or the sums of 1,680 buckets: the work was done when
# the readings came in, once, and not at each question.
#
# What is the catch? A bucket isn't changed easily, and to put a late reading into last week is a nuisance. With readings
# nobody minds. With orders everybody would. Double the days and look again: which of the bars grow?
#
# A **time-series database** does all this for you. It packs samples into buckets as they come in, keeps sums and means up to
# date, finds a stretch of time by its bucket, and throws away whole buckets when they are old enough.
#
# ### Where it matters in practice
#
# Your platform's own metrics are likely the most samples that you will ever keep. How long to keep them, and how finely, is a
# question of money: every second for a day, every minute for a month, every hour for years is a usual answer.

# %% [markdown]
# ## What a platform owes for a database
#
# ### The question
#
# An application team writes: *we need PostgreSQL 15, 100 GB, highly available.* That is three facts. Starting one is easy:
# this notebook did it for you above. What is missing, so that it still holds in three years?
#
# Six duties come with every database that you hand out.
#
# **Provisioning.** The database comes about from a text, and not by somebody who clicks. Terraform, Helm or an operator read
# that text and make it so. (An **operator** is a program in the cluster that looks after one kind of thing.) Then the second
# one is just like the first, and after a fire you can make all of them again.
#
# **Backups.** They are made by themselves, and often enough: what was written since the last one is what you may lose.
# **Point-in-time recovery** keeps each change besides, so that you can go back to the minute before somebody deleted a table.
# And a backup that was never restored isn't one. Restore it regularly, and look whether the data is there.
#
# **Monitoring.** Three figures tell most: how many *connections* are open, since there is a limit; the *replication lag*,
# which is how far the copy in reserve is behind; and *slow queries*, since they are there long before users complain. A figure
# that nobody is told about doesn't help: each needs an alert.
#
# **Patching.** New versions close holes that others know of by then, so they can't wait for long. *Highly available* means
# that there is a **standby**, a copy that follows the **primary**. Patch the standby, let it take over, patch the other one:
# the switch takes seconds, at an hour that was agreed on.
#
# **Connection pooling.** Each connection to PostgreSQL is a process of its own, with memory of its own. Two hundred pods with
# ten connections each are too many. A **pool**, such as PgBouncer or ProxySQL, stands in between: it lends a few connections
# to many programs, for a transaction at a time.
#
# **Rotation of secrets.** A password that never changes is known to all who ever saw it. Changing it should be dull: it
# happens on a schedule, by itself, and for a while both the old and the new one work, so that no pod stands outside.
#
# ### Where it matters in practice
#
# Look at how the six hang together. High availability without monitoring: the standby is hours behind, and nobody knows.
# Backups without a restore: a folder full of hope. That is why a request isn't answered with a database, but with all six; and
# why a platform would rather do that well for two kinds than half for six.

# %% [markdown]
# ## From a request to a database that holds
#
# ### The question
#
# So the team gets six promises with its database: how often, how many, when. Which figures are the right ones? You can't know
# them. The team can, if you ask it in its own words. You asked, and this is what it told you:
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
# Begin with one line of that table. How long does a restore take, if there is a full backup once a week? Change the days until it
# fits into the 4 hours.

# %%
reading_in = 1  # hour
for days_between_backups in (7, 2, 0.5):
    replaying = 1 * days_between_backups  # hours: one for each day of changes
    print(f"a full backup every {days_between_backups} days: away for up to {reading_in + replaying} h")

# %% [markdown]
# ### What happened, and why
#
# The disks die at the worst moment, just before the next full backup. Then everything since the last one is replayed from the
# log, and while that goes on the shop is away. A weekly backup looks fine on every day but that one.
#
# And how often is the *log* copied away? That decides something else: what hasn't been copied when the disks die is **lost**.
# So there are two intervals, and each answers to another line of the table. A third one says how old the proof may be that all
# of this works.
#
# The other duties are like that, too: each promise has to fit what the team told, and a few have to fit each other.
#
# | word | it means |
# |---|---|
# | **pooler** | the program that pools: pods connect to it, and it lends them its own connections to the server |
# | `session` mode | a connection is lent for as long as the pod stays connected |
# | `transaction` mode | a connection is lent for one transaction, and goes back |
# | `statement` mode | a connection is lent for a single statement; the next one may get another |
# | **overlap** | for how long the old password and the new one both open the door |
#
# ### Exercise `request` (5 points)
#
# Write what the platform promises. Each field takes a word from its list, a whole number, a number with a unit, or a time of day.
# Anything else isn't understood; the answer cell then says so at once, and how to write it. We work out what comes of every
# promise: what is lost, who is refused, who is woken for nothing.
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
# For the alerts remember two things. One that rings when it is **too late** is none. One that rings on a **usual day** is
# switched off within a week.
#
# Copy this form into the answer cell, and fill it in. What stands behind a `#` says how a field is written:
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
# One line came in, and twenty-one figures and words went out. Nobody in the team could have told you a pool size. But everybody could
# tell you what may be lost, how long the shop may be away and when it is quiet. **Ask for those.** The figures follow, and you
# can show how.
#
# On a real platform nobody fills such a form in for each team. The platform has two or three sizes with all of it decided, and
# a team picks one. That is a *golden path*; notebook 5 has more of them.

# %% [markdown]
# ## How far are you?

# %%
progress()
