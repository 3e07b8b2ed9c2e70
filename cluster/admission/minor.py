"""What differs between minor versions of Kubernetes, as data: rules are given a ``Minor`` and never compare versions.

Most of it is recorded: kinds, types, wordings of decoding and feature gates are in the minor's schema. What changed in
Kubernetes' code without a gate is in the table below, each version as what changed since the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from cluster.admission import name_rules
from cluster.admission.schema import Schema, schema
from cluster.errors import UsageError
from cluster.kubernetes import MINORS, number
from cluster.text import printable

Declared = tuple[str, str, str]
"""A check that comes last: the kind, the field without indexes, and how the message ends."""


@dataclass(frozen=True, slots=True)
class Minor:
    """A minor version as admission sees it. Each field says what Kubernetes' code does, as far as versions differ."""

    name: str
    """Such as ``1.37``."""

    qualified_name: name_rules.Check = name_rules.qualified_name
    """What a label's key, and whatever else has a qualified name, must be."""

    label_value: name_rules.Check = name_rules.label_value
    """What a label's value must be."""

    declared: tuple[Declared, ...] = ()
    """The checks that are generated from the types' tags: the server runs them last, in the order of the types' fields, and
    tells of each problem once.

    Source: ``ValidateDeclarativelyWithMigrationChecks`` in k8s.io/apiserver's pkg/registry/rest/validate.go, and the tags
    ``+k8s:beta`` in k8s.io/api.
    """

    replicas_required: bool = False
    """Whether an autoscaler's maxReplicas of 0 is a missing one.

    Source: validateHorizontalPodAutoscalerSpec in pkg/apis/autoscaling/validation/validation.go.
    """

    replicas_bound: str = "must be greater than 0"
    """What an autoscaler's maxReplicas must be. Source: as for ``replicas_required``."""

    owners_by_index: bool = False
    """Whether an owner reference is named by its index, and an empty field of it is missing rather than invalid.

    Source: validateOwnerReference in apimachinery's pkg/api/validation/objectmeta.go.
    """

    never_resized: str = "must be 'NotRequired' when `restartPolicy` is 'Never'"
    """The refusal of a restart for new resources in a pod that never restarts. Source: validateResizePolicy."""

    init_containers_resize: bool = True
    """Whether init containers that aren't sidecars may be restarted for new resources. Source: validateInitContainers."""

    shows_end_port: bool = False
    """Whether the refusal of an endPort shows it, rather than the port. Source: ValidateNetworkPolicyPort."""

    driver_alone: bool = False
    """Whether an empty name of a CSI driver is missing and nothing else. Source: ValidateCSIDriverName."""

    process_namespace_last: bool = False
    """Whether a shared process namespace is refused after the pod's security context, as a field of the pod's spec.

    Source: validateShareProcessNamespace.
    """

    host_fields_last: bool = False
    """Whether a Windows pod's fields of the host are looked at after its security context. Source: validateWindows."""

    numeric_tolerations: tuple[str, ...] = ()
    """The operators of tolerations that compare numbers: refused as their gate is off, and yet named as known ones.

    Source: ValidateTolerations.
    """

    odd_address: str = "will be considered invalid in a future Kubernetes release"
    """What the server's warning says of an address in an unusual form. Source: GetWarningsForIP."""

    deprecated_service_fields: bool = False
    """Whether the server warns about externalIPs and about the distribution PreferClose. Source: GetWarningsForService."""

    verbs_required: str = "verbs must contain at least one value"
    """What is said of a rule without verbs, besides that they are required. Source: ValidatePolicyRule."""

    compares_quotas: bool = False
    """Whether the server warns about a quota's requests above its limits. Source: WarningsOnCreate of ResourceQuotas."""

    @property
    def schema(self) -> Schema:
        """What was recorded of the minor's server."""
        return schema(self.name)

    def on(self, gate: str) -> bool:
        """Whether a feature gate is on by default; a gate that no recording up to this minor knows is off."""
        return self.schema.gates.get(gate, False)


_V1_34 = Minor("1.34")

_V1_37 = replace(
    _V1_34,
    name="1.37",
    qualified_name=partial(name_rules.qualified_name, what="a valid label key", unit="bytes"),
    label_value=partial(name_rules.label_value, unit="bytes"),
    declared=(
        ("CronJob", "spec.schedule", "Required value"),
        ("HorizontalPodAutoscaler", "spec.minReplicas", "must be greater than or equal to 0"),
        ("HorizontalPodAutoscaler", "spec.maxReplicas", "Required value"),
        ("HorizontalPodAutoscaler", "spec.maxReplicas", "must be greater than or equal to 1"),
        ("NetworkPolicy", "spec.ingress.from.ipBlock.cidr", "Required value"),
        ("NetworkPolicy", "spec.egress.to.ipBlock.cidr", "Required value"),
        *((kind, "rules.verbs", "Required value") for kind in ("Role", "ClusterRole")),
        *((kind, field, "Required value") for kind in ("RoleBinding", "ClusterRoleBinding")
          for field in ("subjects.name", "roleRef.name")),
    ),
    verbs_required="",
    compares_quotas=True,
    replicas_required=True,
    replicas_bound="must be greater than or equal to 1",
    owners_by_index=True,
    never_resized="must be 'NotRequired' when pod `restartPolicy` is 'Never'",
    init_containers_resize=False,
    shows_end_port=True,
    driver_alone=True,
    process_namespace_last=True,
    host_fields_last=True,
    numeric_tolerations=("Lt", "Gt"),
    odd_address="is invalid",
    deprecated_service_fields=True,
)  # fmt: skip

_TABLE = (_V1_34, _V1_37)
"""The minors in which something changed, the oldest first."""


def known(minors: Iterable[str]) -> Mapping[str, Minor]:
    """The minors of the table and these, the oldest first: one that the table lacks is as the one before it."""
    found = {minor.name: minor for minor in _TABLE}
    for name in minors:
        before = [minor for minor in _TABLE if number(minor.name) < number(name)]
        found.setdefault(name, replace(before[-1] if before else _TABLE[0], name=name))
    return dict(sorted(found.items(), key=lambda item: number(item[0])))


KNOWN: Final = known(MINORS)
"""The minors that admission can speak as, the oldest first."""

_WRITTEN = re.compile(r"v?(1\.\d{1,3})(\.\d{1,3})?")


def minor_named(text: str) -> str:
    """The known minor that ``1.34``, ``v1.34`` or ``1.34.4`` means. Raises UsageError for any other."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or found[1] not in KNOWN:
        raise UsageError(f"Kubernetes “{printable(text, 40)}” isn't known here.", f"Known are {' and '.join(KNOWN)}.")
    return found[1]
