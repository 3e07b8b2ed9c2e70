"""Containers' own restart policies and rules, which override the pod's restart policy.

Source: validateContainerRestartPolicy and validateInitContainerRestartPolicy in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, forbidden, required, too_many, unsupported
from cluster.manifests.documents import Path

_POLICIES = ("Always", "Never", "OnFailure")
_OPERATORS = ("In", "NotIn")
_MOST_RULES, _MOST_CODES = 20, 255
_ALL = "RestartAllContainersOnContainerExits"


def restarts(container: Object, path: Path, minor: Minor, *, init: bool = False) -> Problems:
    """A container's restart policy and its rules; sidecars may have rules only if all containers can be restarted."""
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules", [])
    if policy is None and rules:
        yield required((*path, "restartPolicy"), "must specify restartPolicy when restart rules are used")
        if init:
            return
    if init and policy == "Always" and not minor.on(_ALL):
        if rules:
            words = "restartPolicyRules are not allowed for init containers with restart policy Always"
            yield forbidden((*path, "restartPolicyRules"), words)
        return
    if policy is not None and policy not in _POLICIES:
        yield unsupported((*path, "restartPolicy"), policy, _POLICIES)
    if len(rules) > _MOST_RULES:
        yield too_many((*path, "restartPolicyRules"), len(rules), _MOST_RULES)
    for index, rule in enumerate(rules):
        yield from _rule(rule, (*path, "restartPolicyRules", index), minor)


def _rule(rule: Object, path: Path, minor: Minor) -> Problems:
    action, codes = rule.get("action", ""), rule.get("exitCodes")
    actions = ("Restart", "RestartAllContainers") if minor.on(_ALL) else ("Restart",)
    if action not in actions:
        yield unsupported((*path, "action"), action, actions)
    if codes is None:
        yield required((*path, "exitCodes"), "must be specified")
        return
    operator, values = codes.get("operator", ""), codes.get("values", [])
    if operator not in _OPERATORS:
        yield unsupported((*path, "exitCodes", "operator"), operator, _OPERATORS)
    if len(values) > _MOST_CODES:
        yield too_many((*path, "exitCodes", "values"), len(values), _MOST_CODES)
