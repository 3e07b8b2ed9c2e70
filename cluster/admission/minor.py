"""The differences between minor versions of Kubernetes, as data: rules get a ``Minor`` and never compare versions.

Most is recorded: the minor's schema has kinds, types, wordings of decoding and feature gates. Changes in
Kubernetes' code without a gate are in the table below: for each version the changes since the one before.
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
"""A check that runs last: the kind, the field without indexes, and the end of the message."""


@dataclass(frozen=True, slots=True)
class Minor:
    """A minor version's admission. Each field describes a behavior of Kubernetes' code that differs between versions."""

    name: str
    """Such as ``1.37``."""

    qualified_name: name_rules.Check = name_rules.qualified_name
    """The check of label keys and other qualified names."""

    label_value: name_rules.Check = name_rules.label_value
    """The check of label values."""

    declared: tuple[Declared, ...] = ()
    """The checks that are generated from the types' tags: the server runs them last, in the order of the types' fields, and
    reports each problem once.

    Source: ``ValidateDeclarativelyWithMigrationChecks`` in k8s.io/apiserver's pkg/registry/rest/validate.go, and the tags
    ``+k8s:beta`` in k8s.io/api.
    """

    replicas_required: bool = False
    """Whether an autoscaler's maxReplicas of 0 counts as missing.

    Source: validateHorizontalPodAutoscalerSpec in pkg/apis/autoscaling/validation/validation.go.
    """

    replicas_bound: str = "must be greater than 0"
    """The message for an autoscaler's maxReplicas out of bounds. Source: as for ``replicas_required``."""

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
    """Whether a Windows pod's host fields are checked after its security context. Source: validateWindows."""

    numeric_tolerations: tuple[str, ...] = ()
    """The operators of tolerations that compare numbers: refused because their gate is off, but listed as supported.

    Source: ValidateTolerations.
    """

    odd_address: str = "will be considered invalid in a future Kubernetes release"
    """The end of the server's warning about an address in an unusual form. Source: GetWarningsForIP."""

    deprecated_service_fields: bool = False
    """Whether the server warns about externalIPs and about the distribution PreferClose. Source: GetWarningsForService."""

    verbs_required: str = "verbs must contain at least one value"
    """The detail of the refusal of a rule without verbs. Source: ValidatePolicyRule."""

    compares_quotas: bool = False
    """Whether the server warns about a quota's requests above its limits. Source: WarningsOnCreate of ResourceQuotas."""

    @property
    def schema(self) -> Schema:
        """The recording of the minor's server."""
        return schema(self.name)

    def on(self, gate: str) -> bool:
        """Whether a feature gate is on by default; a gate that is in no recording up to this minor is off."""
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
"""The minor versions with changes, oldest first."""


def known(minors: Iterable[str]) -> Mapping[str, Minor]:
    """Return the minor versions of the table and the given ones, oldest first: one that the table lacks equals the one before."""
    found = {minor.name: minor for minor in _TABLE}
    for name in minors:
        before = [minor for minor in _TABLE if number(minor.name) < number(name)]
        found.setdefault(name, replace(before[-1] if before else _TABLE[0], name=name))
    return dict(sorted(found.items(), key=lambda item: number(item[0])))


KNOWN: Final = known(MINORS)
"""The minor versions whose admission is available, oldest first."""

_WRITTEN = re.compile(r"v?(1\.\d{1,3})(\.\d{1,3})?")


def minor_named(text: str) -> str:
    """Return the known minor version of ``1.34``, ``v1.34`` or ``1.34.4``. Raises UsageError for an unknown one."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or found[1] not in KNOWN:
        raise UsageError(
            f"Kubernetes “{printable(text, 40)}” isn't supported.", f"Supported versions: {' and '.join(KNOWN)}."
        )
    return found[1]
