"""Validation by kind: the rules that a schema can't express.

Each rule yields problems in the API server's order. Kinds that no exercise uses
are decoded strictly, and only their metadata is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problem, Problems
from cluster.admission.rules import object_warnings, pod_warnings
from cluster.admission.rules.autoscaling import autoscaler, autoscaler_v1, disruption_budget
from cluster.admission.rules.configuration import config_map, metadata_only, secret, volume_claim
from cluster.admission.rules.ingresses_and_policies import ingress, network_policy
from cluster.admission.rules.jobs import cron_job, job
from cluster.admission.rules.limit_ranges import limit_range
from cluster.admission.rules.namespaces import namespace
from cluster.admission.rules.persistent_volumes import persistent_volume
from cluster.admission.rules.pod import pod
from cluster.admission.rules.rbac import cluster_role, cluster_role_binding, role, role_binding
from cluster.admission.rules.resource_quotas import resource_quota
from cluster.admission.rules.services import service
from cluster.admission.rules.workloads import daemon_set, deployment, replica_set, stateful_set
from cluster.admission.schema import ServedKind
from cluster.limits import ADMISSION_PROBLEMS
from cluster.manifests.documents import Path

Rule = Callable[[Object, Minor], Problems]
Warn = Callable[[Object, Minor], pod_warnings.Warnings]

_RULES: dict[tuple[str, str], Rule] = {
    ("apps/v1", "Deployment"): deployment,
    ("apps/v1", "ReplicaSet"): replica_set,
    ("apps/v1", "StatefulSet"): stateful_set,
    ("apps/v1", "DaemonSet"): daemon_set,
    ("batch/v1", "CronJob"): cron_job,
    ("batch/v1", "Job"): job,
    ("v1", "Service"): service,
    ("v1", "Pod"): pod,
    ("v1", "Namespace"): namespace,
    ("networking.k8s.io/v1", "Ingress"): ingress,
    ("networking.k8s.io/v1", "NetworkPolicy"): network_policy,
    ("v1", "ConfigMap"): config_map,
    ("v1", "Secret"): secret,
    ("v1", "PersistentVolumeClaim"): volume_claim,
    ("v1", "PersistentVolume"): persistent_volume,
    ("v1", "LimitRange"): limit_range,
    ("v1", "ResourceQuota"): resource_quota,
    ("v1", "ServiceAccount"): metadata_only(name_rules.dns_subdomain),
    ("rbac.authorization.k8s.io/v1", "Role"): role,
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): role_binding,
    ("rbac.authorization.k8s.io/v1", "ClusterRole"): cluster_role,
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): cluster_role_binding,
    ("policy/v1", "PodDisruptionBudget"): disruption_budget,
    ("autoscaling/v2", "HorizontalPodAutoscaler"): autoscaler,
    ("autoscaling/v1", "HorizontalPodAutoscaler"): autoscaler_v1,
}

_WARNINGS: dict[tuple[str, str], Warn] = {
    ("apps/v1", "Deployment"): pod_warnings.workload,
    ("apps/v1", "ReplicaSet"): pod_warnings.workload,
    ("apps/v1", "StatefulSet"): pod_warnings.stateful_set,
    ("apps/v1", "DaemonSet"): pod_warnings.templated,
    ("batch/v1", "CronJob"): pod_warnings.cron_job,
    ("batch/v1", "Job"): pod_warnings.workload,
    ("v1", "Pod"): pod_warnings.pod,
    ("v1", "Service"): pod_warnings.service,
    ("v1", "PersistentVolumeClaim"): pod_warnings.volume_claim,
    ("v1", "PersistentVolume"): object_warnings.persistent_volume,
    ("v1", "ResourceQuota"): object_warnings.resource_quota,
    ("v1", "Secret"): object_warnings.secret,
    ("networking.k8s.io/v1", "Ingress"): object_warnings.ingress,
    ("networking.k8s.io/v1", "NetworkPolicy"): object_warnings.network_policy,
}

_NUMBERED = ("IngressClass", "PriorityClass")
"""The other kinds for which the server sets the first generation."""

JUDGED = frozenset(_RULES)
"""The kinds, by apiVersion and name, that are judged beyond their metadata."""


def validate(kind: ServedKind, obj: Object, minor: Minor) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Return the problems with a decoded object, or else the server's warnings about it."""
    rule = _RULES.get((kind.api_version, kind.name))
    if rule is None:
        rule = metadata_only(
            name_rules.dns_subdomain, namespaced=kind.namespaced, generation=kind.name not in _NUMBERED
        )  # fmt: skip
    problems = _ordered(tuple(islice(rule(obj, minor), ADMISSION_PROBLEMS)), kind, minor)
    warn = _WARNINGS.get((kind.api_version, kind.name))
    return problems, () if problems or warn is None else tuple(islice(warn(obj, minor), ADMISSION_PROBLEMS))


def _ordered(problems: tuple[Problem, ...], kind: ServedKind, minor: Minor) -> tuple[Problem, ...]:
    """Return the problems as a server with declared checks lists them: each once, and those of declared checks last."""
    if not problems or not minor.declared:
        return problems
    distinct: dict[tuple[Path, str], Problem] = {}
    for problem in problems:
        distinct.setdefault((problem.path, problem.message), problem)
    return tuple(sorted(distinct.values(), key=lambda problem: _declared(problem, kind, minor)))


def _declared(problem: Problem, kind: ServedKind, minor: Minor) -> int:
    """Return the position of a problem's declared check, from 1; 0 for a problem of other checks."""
    field = ".".join(step for step in problem.path if isinstance(step, str))
    for place, (name, checked, words) in enumerate(minor.declared, 1):
        if (kind.name, field) == (name, checked) and problem.message.endswith(words):
            return place
    return 0
