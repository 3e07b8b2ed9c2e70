# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 Kinds of service

# %%
# %load_ext graders.notebook

# %% [markdown]
# ### Exercise `kinds` (5 points)
#
# | field | question | options |
# |---|---|---|
# | `kind` | what is it? | `api` · `worker` · `scheduled` |
# | `deadline` | how soon must it be done? | `500ms` · `nobody-waits` · `before-the-next-run` |
# | `scale-on` | what sets how many run? | `requests` · `queue-depth` · `one-at-a-time` |
#
# | workload | the facts |
# |---|---|
# | `seat-map` | A cinema's page asks which seats are free, and the visitor looks at an empty hall until it knows. |
# | `ticket-pdf` | Once a ticket is paid for, a PDF is drawn and mailed. That takes 8 s; the page has said thank you long before. |
# | `daily-report` | At 02:00 UTC the sales of the day before are added up into one report, which is read at breakfast. |
# | `login` | A visitor types a password, and sees the front page or an error. |
# | `thumbnails` | Uploaded photos wait in line for a small copy: 5 a minute on Mondays, 4,000 on Saturday nights. |
# | `price-quote` | Another team's service calls GetQuote and puts the answer into the page that it is building. |
# | `stale-carts` | On the hour, carts that nobody has touched for a day are emptied. |
# | `stock-count` | Each order.created event lowers the stock. An event may arrive twice, and a minute late is early enough. |
# | `expiring-cards` | On the first of the month, the cards that end in it are listed for the support team. |
# | `search-box` | With each letter that a visitor types, suggestions appear below the box. |
#
# ```yaml
# seat-map:
#   kind:
#   deadline:
#   scale-on:
# ticket-pdf:
#   kind:
#   deadline:
#   scale-on:
# daily-report:
#   kind:
#   deadline:
#   scale-on:
# login:
#   kind:
#   deadline:
#   scale-on:
# thumbnails:
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
# stock-count:
#   kind:
#   deadline:
#   scale-on:
# expiring-cards:
#   kind:
#   deadline:
#   scale-on:
# search-box:
#   kind:
#   deadline:
#   scale-on:
# ```

# %% nbgrader={"grade": false, "grade_id": "kinds-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer kinds
### BEGIN SOLUTION
seat-map: {kind: api, deadline: 500ms, scale-on: requests}
ticket-pdf: {kind: worker, deadline: nobody-waits, scale-on: queue-depth}
daily-report: {kind: scheduled, deadline: before-the-next-run, scale-on: one-at-a-time}
login: {kind: api, deadline: 500ms, scale-on: requests}
thumbnails: {kind: worker, deadline: nobody-waits, scale-on: queue-depth}
price-quote: {kind: api, deadline: 500ms, scale-on: requests}
stale-carts: {kind: scheduled, deadline: before-the-next-run, scale-on: one-at-a-time}
stock-count: {kind: worker, deadline: nobody-waits, scale-on: queue-depth}
expiring-cards: {kind: scheduled, deadline: before-the-next-run, scale-on: one-at-a-time}
search-box: {kind: api, deadline: 500ms, scale-on: requests}
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "kinds", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("kinds")

# %%
hint("kinds")
