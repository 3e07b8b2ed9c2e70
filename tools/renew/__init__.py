"""``python -m tools.renew``: record a cluster's minor of Kubernetes, and report the changes and the open decisions.

``steps`` records, ``recorded`` reads the recordings, ``changes`` compares two minors, ``decisions`` lists the decisions for a
person, ``report`` prints both. Only ``steps`` talks to a cluster.
"""
