"""Renewing Kubernetes: ``python -m tools.renew`` records a cluster's minor, and tells what changed and what to decide.

``steps`` records, ``recorded`` reads it again, ``changes`` compares two minors, ``decisions`` says what is left for a
person, ``report`` prints both. Only ``steps`` talks to a cluster.
"""
