# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 Ways in
#
# A Service gives pods one address. Its type, and an Ingress in front of it, say who can reach that address.
#
# | way | who reaches it |
# |---|---|
# | `cluster-ip` | pods of the cluster |
# | `node-port` | whoever reaches a node, at a port from 30000 on |
# | `load-balancer` | whoever reaches a public address, by any protocol |
# | `ingress` | whoever speaks HTTP, by host and path; many names share one address |

# %%
# %load_ext graders.notebook

# %% [markdown]
# ### Exercise `entrances` (4 points)
#
# | service | the facts |
# |---|---|
# | `tide-table` | Only the harbor's own pods ask it, several times a second. |
# | `berth-booking` | Browsers open berths.example; nine more names of the harbor have the same address. |
# | `ship-radio` | Ships outside send their position by UDP to one fixed address. |
# | `pier-screen` | A screen beside the one machine of a lab without a cloud opens it by HTTP. |
#
# For each, choose a `way` out of the table above, and `because` out of `only-pods-call`, `names-share-an-address`, `not-http` and
# `no-balancer`:
#
# ```yaml
# tide-table:
#   way:
#   because:
# berth-booking:
#   way:
#   because:
# ship-radio:
#   way:
#   because:
# pier-screen:
#   way:
#   because:
# ```

# %% nbgrader={"grade": false, "grade_id": "entrances-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer entrances
### BEGIN SOLUTION
tide-table:
  way: cluster-ip
  because: only-pods-call
berth-booking:
  way: ingress
  because: names-share-an-address
ship-radio:
  way: load-balancer
  because: not-http
pier-screen:
  way: node-port
  because: no-balancer
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "entrances", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("entrances")

# %% [markdown]
# ### Exercise `gate` (7 points)
#
# The pods of the berths have the label `app: berths` and listen at port 8080. Write a Service for them, and an Ingress that sends
# `berths.example/berths` to it. Both go into one answer, with a line `---` between them.

# %% nbgrader={"grade": false, "grade_id": "gate-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %%answer gate
### BEGIN SOLUTION
apiVersion: v1
kind: Service
metadata:
  name: berths
spec:
  selector:
    app: berths
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: berths
spec:
  rules:
    - host: berths.example
      http:
        paths:
          - path: /berths
            pathType: Prefix
            backend:
              service:
                name: berths
                port:
                  number: 80
### END SOLUTION

# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "gate", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check("gate")

# %%
progress()
