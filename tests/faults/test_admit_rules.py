"""Roles, bindings, volumes, limits and quotas are refused in the API server's own words."""

from __future__ import annotations

import pytest

from cluster.admission import admit_text
from cluster.kubernetes import CURRENT, MINORS
from tests.corpus.faults import fault

BOTH = pytest.mark.parametrize("minor", MINORS)
OLD = "1.34"
"""The minor before the server ran declared checks, which come last and in fewer words."""

GROUP = "rbac.authorization.k8s.io"
REQUIRED = "Required value"
NOT_STANDARD = 'Invalid value: "{}": must be a standard resource type or fully qualified'
NOT_FOR_CONTAINERS = 'Invalid value: "{}": must be a standard resource for containers'
NOT_FOR_QUOTA = 'Invalid value: "{}": must be a standard resource for quota'
ONE_SOURCE = "Forbidden: may not specify more than 1 volume type"

Causes = list[tuple[str, str]]


def said(text: str, minor: str = CURRENT) -> Causes:
    """The mistakes, in the server's order."""
    (verdict,) = admit_text(text, minor)
    assert verdict.status == (422 if verdict.causes else 201), verdict.message
    return [(cause.field, cause.message) for cause in verdict.causes]


def lines(text: str) -> dict[str, int]:
    return {cause.field: cause.line for cause in admit_text(text, CURRENT)[0].causes}


def role(rules: str, kind: str = "Role") -> str:
    return f"apiVersion: {GROUP}/v1\nkind: {kind}\nmetadata: {{name: reader}}\nrules: {rules}\n"


def binding(reference: str, subjects: str = "[]", kind: str = "RoleBinding") -> str:
    return (
        f"apiVersion: {GROUP}/v1\nkind: {kind}\nmetadata: {{name: reader}}\n"
        f"roleRef: {{{reference}}}\nsubjects: {subjects}\n"
    )


def limits(*items: str) -> str:
    listed = "".join(f"    - {{{item}}}\n" for item in items)
    return f"apiVersion: v1\nkind: LimitRange\nmetadata: {{name: limits}}\nspec:\n  limits:\n{listed}"


def quota(spec: str) -> str:
    return f"apiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: team}}\nspec: {{{spec}}}\n"


def volume(
    source: str = "hostPath: {path: /mnt/data}",
    *,
    capacity: str = "{storage: 1Gi}",
    modes: str = "[ReadWriteOnce]",
    more: str = "",
) -> str:
    spec = ", ".join(filter(None, (f"capacity: {capacity}", f"accessModes: {modes}", source, more)))
    return f"apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: disk}}\nspec: {{{spec}}}\n"


@BOTH
def test_a_binding_refers_to_a_role(minor: str) -> None:
    """P58: a binding names a role and its kind, and each subject has a name and one of three kinds."""
    kind = ("roleRef.kind", 'Unsupported value: "Secret": supported values: "Role", "ClusterRole"')
    whom = (
        "subjects[0].kind",
        'Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
    )
    name, subject = ("roleRef.name", REQUIRED), ("subjects[0].name", REQUIRED)
    found = said(fault("P58"), minor)
    assert found == ([kind, name, subject, whom] if minor == OLD else [kind, whom, subject, name])
    assert lines(fault("P58")) == {
        "roleRef.kind": 7, "roleRef.name": 8, "subjects[0].kind": 10, "subjects[0].name": 11,
    }  # fmt: skip


@BOTH
@pytest.mark.parametrize(
    ("reference", "subjects", "wrong"),
    [
        ("kind: Role, name: reader", "[]", []),
        ("kind: ClusterRole, name: 'system:view'", "[{kind: User, name: ada}, {kind: Group, name: 'a:b'}]", []),
        ("kind: Role, name: reader", "[{kind: ServiceAccount, name: orders}]", []),
        ("kind: role, name: reader", "[]",
         [("roleRef.kind", 'Unsupported value: "role": supported values: "Role", "ClusterRole"')]),
        ("apiGroup: rbac, kind: Role, name: reader", "[]",
         [("roleRef.apiGroup", f'Unsupported value: "rbac": supported values: "{GROUP}"')]),
        ("kind: Role, name: a/b%", "[]",
         [("roleRef.name", f'Invalid value: "a/b%": may not contain \'{sign}\'') for sign in "/%"]),
        ("kind: Role, name: reader", f"[{{kind: ServiceAccount, name: orders, apiGroup: {GROUP}}}]",
         [("subjects[0].apiGroup", f'Unsupported value: "{GROUP}": supported values: ""')]),
        ("kind: Role, name: reader", "[{kind: User, name: ada, apiGroup: v1}]",
         [("subjects[0].apiGroup", f'Unsupported value: "v1": supported values: "{GROUP}"')]),
        ("kind: Role, name: reader", "[{kind: User, name: ada}, {kind: Group}]", [("subjects[1].name", REQUIRED)]),
        ("kind: Role, name: reader", "[{name: ada}]",
         [("subjects[0].kind", 'Unsupported value: "": supported values: "ServiceAccount", "User", "Group"')]),
    ],
)  # fmt: skip
def test_bindings(reference: str, subjects: str, wrong: Causes, minor: str) -> None:
    """A binding's role is a Role or ClusterRole of RBAC's API group; a service account has no API group, other subjects have RBAC's."""
    assert said(binding(reference, subjects), minor) == wrong


@BOTH
def test_an_account_has_an_objects_name(minor: str) -> None:
    """Only a service account's name must be an object's name; a user may have any name."""
    subjects = "[{kind: ServiceAccount, name: Orders_API}, {kind: User, name: Orders_API}]"
    ((field, words),) = said(binding("kind: Role, name: reader", subjects), minor)
    assert field == "subjects[0].name"
    assert words.startswith('Invalid value: "Orders_API": a lowercase RFC 1123 subdomain must consist of')


@BOTH
def test_bindings_of_the_whole_cluster(minor: str) -> None:
    """A ClusterRoleBinding refers to a ClusterRole, and its service accounts name their namespace."""
    assert said(binding("kind: Role, name: reader", "[{kind: ServiceAccount, name: a}]", "ClusterRoleBinding"), minor) == [
        ("roleRef.kind", 'Unsupported value: "Role": supported values: "ClusterRole"'),
        ("subjects[0].namespace", REQUIRED),
    ]  # fmt: skip
    assert said(binding("kind: ClusterRole, name: view", "[{kind: User, name: a}]", "ClusterRoleBinding"), minor) == []


@BOTH
def test_a_role_says_what_may_be_done(minor: str) -> None:
    """P59: a rule has verbs and API groups."""
    groups = ("rules[0].apiGroups", "Required value: resource rules must supply at least one api group")
    verbs = ("rules[0].verbs", "Required value: verbs must contain at least one value")
    declared = ("rules[0].verbs", REQUIRED)
    assert said(fault("P59"), minor) == ([verbs, groups] if minor == OLD else [groups, declared])
    assert lines(fault("P59")) == {"rules[0].apiGroups": 6, "rules[0].verbs": 6}


@BOTH
@pytest.mark.parametrize(
    ("rules", "wrong"),
    [
        ("[{apiGroups: [''], resources: [pods], verbs: [get]}]", []),
        ("[]", []),
        ("[{apiGroups: [apps], verbs: ['*']}]",
         [("rules[0].resources", "Required value: resource rules must supply at least one resource")]),
        ("[{apiGroups: [''], resources: [pods], verbs: [get]}, {resources: [pods], verbs: [get]}]",
         [("rules[1].apiGroups", "Required value: resource rules must supply at least one api group")]),
        ("[{nonResourceURLs: [/metrics], verbs: [get]}]",
         [("rules[0].nonResourceURLs",
           'Invalid value: ["/metrics"]: namespaced rules cannot apply to non-resource URLs')]),
        ("[{nonResourceURLs: [/metrics], resources: [pods], verbs: [get]}]",
         [("rules[0].nonResourceURLs", f'Invalid value: ["/metrics"]: {words}') for words in (
             "namespaced rules cannot apply to non-resource URLs",
             "rules cannot apply to both regular resources and non-resource URLs")]),
    ],
)  # fmt: skip
def test_roles(rules: str, wrong: Causes, minor: str) -> None:
    """A rule names resources with their API groups; only a ClusterRole may name a URL."""
    assert said(role(rules), minor) == wrong


@BOTH
def test_roles_of_the_whole_cluster(minor: str) -> None:
    """A ClusterRole may allow URLs, though not together with resources, and selects other roles by valid selectors."""
    assert said(role("[{nonResourceURLs: [/metrics], verbs: [get]}]", "ClusterRole"), minor) == []
    both = said(role("[{nonResourceURLs: [/x], resourceNames: [a], verbs: [get]}]", "ClusterRole"), minor)
    assert both == [
        ("rules[0].nonResourceURLs",
         'Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs')
    ]  # fmt: skip
    selectors = "aggregationRule.clusterRoleSelectors"
    none = role("[]\naggregationRule: {}", "ClusterRole")
    words = "Required value: at least one clusterRoleSelector required if aggregationRule is non-nil"
    assert said(none, minor) == [(selectors, words)]
    odd = role(
        "[]\naggregationRule: {clusterRoleSelectors: [{}, {matchExpressions: [{key: a, operator: Is}]}]}", "ClusterRole"
    )
    assert said(odd, minor) == [
        (f"{selectors}[1].matchExpressions[0].operator", 'Invalid value: "Is": not a valid selector operator'),
        (f"{selectors}[1]", "Invalid value: null: invalid label selector."),
    ]


@BOTH
def test_limits_that_contradict_each_other(minor: str) -> None:
    """P61: a default request above the default limit, a repeated type, and a resource without a standard name are all reported."""
    memory = [NOT_STANDARD.format("Memory"), NOT_FOR_CONTAINERS.format("Memory")]
    assert said(fault("P61"), minor) == [
        ("spec.limits[0].defaultRequest[memory]",
         'Invalid value: "4Gi": default request value 4Gi is greater than default limit value 512Mi'),
        ("spec.limits[1].type", 'Duplicate value: "Container"'),
        *((f"spec.limits[1].{field}[Memory]", words) for field in ("max", "default", "defaultRequest") for words in memory),
    ]  # fmt: skip
    assert lines(fault("P61"))["spec.limits[0].defaultRequest[memory]"] == 9
    assert lines(fault("P61"))["spec.limits[1].type"] == 10


@pytest.mark.parametrize(
    ("text", "field", "meant"),
    [
        (fault("P61"), "spec.limits[1].max[Memory]", "did you mean memory?"),
        (limits("type: container, max: {cpu: 1}"), "spec.limits[0].type", "did you mean Container?"),
        (quota("hard: {Pods: 1}"), "spec.hard[Pods]", "did you mean pods?"),
        (quota("hard: {request.cpu: 1}"), "spec.hard[request.cpu]", "did you mean requests.cpu?"),
        (quota("hard: {storage: 1Gi}"), "spec.hard[storage]", ""),
        (binding("kind: role, name: reader"), "roleRef.kind", "did you mean Role?"),
        (
            volume(more="persistentVolumeReclaimPolicy: retain"),
            "spec.persistentVolumeReclaimPolicy",
            "did you mean Retain?",
        ),
    ],
)
def test_what_was_meant(text: str, field: str, meant: str) -> None:
    """A misspelled resource, type or kind gets a suggestion, and never the refused name."""
    causes = admit_text(text, CURRENT)[0].causes
    assert {cause.suggestion for cause in causes if cause.field == field} == {meant}


def limit(field: str, words: str) -> tuple[str, str]:
    return f"spec.limits[0].{field}", words


@BOTH
@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        ("type: Container, max: {cpu: 1}, min: {cpu: 1}", []),
        ("type: Container, max: {memory: 1Gi}, min: {memory: 2Gi}",  # the defaults are made of both
         [limit("min[memory]", 'Invalid value: "2Gi": min value 2Gi is greater than max value 1Gi'),
          limit("defaultRequest[memory]", 'Invalid value: "1Gi": min value 2Gi is greater than default request value 1Gi'),
          limit("default[memory]", 'Invalid value: "2Gi": min value 2Gi is greater than default value 1Gi')]),
        ("type: Container, max: {cpu: 500m}, default: {cpu: 1}",
         [limit("defaultRequest[cpu]", 'Invalid value: "1": default request value 1 is greater than max value 500m'),
          limit("default[cpu]", 'Invalid value: "500m": default value 1 is greater than max value 500m')]),
        ("type: Pod, default: {cpu: 1}, defaultRequest: {cpu: 1}",
         [limit(field, "Forbidden: may not be specified when `type` is 'Pod'") for field in ("default", "defaultRequest")]),
        ("type: Pod, maxLimitRequestRatio: {memory: 500m}",
         [limit("maxLimitRequestRatio[memory]", 'Invalid value: "500m": ratio 500m is less than 1')]),
        ("type: Pod, max: {cpu: 1}, min: {cpu: 300m}, maxLimitRequestRatio: {cpu: 4}",
         [limit("maxLimitRequestRatio[cpu]", 'Invalid value: "4": ratio 4 is greater than max/min = 3.333333')]),
        ("type: Pod, max: {cpu: 1}, min: {cpu: 0}, maxLimitRequestRatio: {cpu: 4}", []),
        ("type: PersistentVolumeClaim, max: {cpu: 1}",
         [limit("limits", "Required value: either minimum or maximum storage value is required, but neither was provided")]),
        ("type: PersistentVolumeClaim, min: {storage: 1Gi}", []),
        ("type: container, max: {cpu: 1}",
         [limit("type", 'Invalid value: "container": must be a standard limit type or fully qualified')]),
        ("type: shop.example/Cart, max: {pods: 1}", []),
        ("type: Container, max: {storage: 1Gi}",
         [limit(f"{field}[storage]", NOT_FOR_CONTAINERS.format("storage")) for field in ("max", "default", "defaultRequest")]),
        ("type: Container, min: {storage: 1Gi}",  # the smallest request is the default one, where no other is written
         [limit(f"{field}[storage]", NOT_FOR_CONTAINERS.format("storage")) for field in ("min", "defaultRequest")]),
        ("type: Pod, min: {gpu: 1}",
         [limit("min[gpu]", NOT_STANDARD.format("gpu")), limit("min[gpu]", NOT_FOR_CONTAINERS.format("gpu"))]),
        ("type: Container, default: {nvidia.com/gpu: 2}, defaultRequest: {nvidia.com/gpu: 1}",
         [limit("defaultRequest[nvidia.com/gpu]",
                'Invalid value: "1": default value 2 must equal to defaultRequest value 1 in nvidia.com/gpu')]),
        ("type: Container, default: {hugepages-2Mi: 2Mi}, defaultRequest: {hugepages-2Mi: 4Mi}",
         [limit("defaultRequest[hugepages-2Mi]", f'Invalid value: "4Mi": {words}') for words in (
             "default request value 4Mi is greater than default limit value 2Mi",
             "default value 2Mi must equal to defaultRequest value 4Mi in hugepages-2Mi")]),
    ],
)  # fmt: skip
def test_limit_ranges(item: str, wrong: Causes, minor: str) -> None:
    """Bounds, defaults and ratios of a resource are consistent, and the limited resource belongs to that type."""
    assert said(limits(item), minor) == wrong


@BOTH
def test_a_limit_without_a_type(minor: str) -> None:
    """Each limit has a type, and no type is repeated."""
    assert [field for field, _ in said(limits("max: {cpu: 1}"), minor)] == ["spec.limits[0].type"] * 2
    assert said(limits("type: Pod, max: {cpu: 1}", "type: Container", "type: Pod, min: {cpu: 1}"), minor) == [
        ("spec.limits[2].type", 'Duplicate value: "Pod"')
    ]


@BOTH
def test_a_limit_range_without_a_name(minor: str) -> None:
    """The server gives a LimitRange without a name a name."""
    assert said(limits("type: Pod").replace("name: limits", ""), minor) == []
    assert said(quota("hard: {pods: 1}").replace("name: team", ""), minor) == [
        ("metadata.name", "Required value: name or generateName is required")
    ]


def hard(name: str, words: str) -> tuple[str, str]:
    return f"spec.hard[{name}]", words


def scope(words: str, *names: str) -> tuple[str, str]:
    listed = ",".join(f'"{name}"' for name in names)
    return "spec.scopes", f"Invalid value: [{listed}]: {words}"


UNKNOWN, NOT_COUNTED, CONFLICT = "unsupported scope", "unsupported scope applied to resource", "conflicting scopes"


@BOTH
@pytest.mark.parametrize(
    ("spec", "wrong"),
    [
        ("hard: {requests.cpu: 1500m, limits.memory: 1Gi, pods: 3, count/jobs.batch: 2}", []),
        ("hard: {}", []),
        ("hard: {pods: -1}", [hard("pods", 'Invalid value: "-1": must be greater than or equal to 0')]),
        ("hard: {pods: 1.5}", [hard("pods", 'Invalid value: "1500m": must be an integer')]),
        ("hard: {services.nodeports: 500m, requests.nvidia.com/gpu: 1500m}",
         [hard("services.nodeports", 'Invalid value: "500m": must be an integer')]),
        ("hard: {Pods: 1}", [hard("Pods", NOT_STANDARD.format("Pods")), hard("Pods", NOT_FOR_QUOTA.format("Pods"))]),
        ("hard: {storage: 1Gi}", [hard("storage", NOT_FOR_QUOTA.format("storage"))]),
        ("hard: {deployments: 1}",
         [hard("deployments", NOT_STANDARD.format("deployments")), hard("deployments", NOT_FOR_QUOTA.format("deployments"))]),
        ("hard: {pods: 1}, scopes: [BestEffort, NotTerminating]", []),
        ("hard: {count/jobs.batch: 1, pods: 1}, scopes: [BestEffort]", []),
        ("hard: {cpu: 1}, scopes: [BestEffort]", [scope(NOT_COUNTED, "BestEffort")]),
        ("hard: {services: 1}, scopes: [Terminating]", [scope(NOT_COUNTED, "Terminating")]),
        ("hard: {pods: 1}, scopes: [Fast]", [scope(UNKNOWN, "Fast")]),
        ("hard: {pods: 1}, scopes: [Terminating, NotTerminating]",
         [scope(CONFLICT, "Terminating", "NotTerminating")]),
        ("hard: {requests.storage: 1Gi}, scopes: [VolumeAttributesClass]", []),
    ],
)  # fmt: skip
def test_resource_quotas(spec: str, wrong: Causes, minor: str) -> None:
    """A quota counts resources with known names, in whole numbers where that is required, in scopes that have them."""
    assert said(quota(spec), minor) == wrong


def selected(field: str, words: str) -> tuple[str, str]:
    return f"spec.scopeSelector.matchExpressions{field}", words


@BOTH
@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("scopeName: PriorityClass, operator: In, values: [high]", []),
        ("scopeName: NotBestEffort, operator: Exists", []),
        ("scopeName: PriorityClass, operator: In",
         [selected(".values", "Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]),
        ("scopeName: PriorityClass, operator: Exists, values: [high]",
         [selected(".values",
                   "Invalid value: [\"high\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")]),
        ("scopeName: PriorityClass, operator: Is, values: [high]",
         [selected(".operator", 'Invalid value: "Is": not a valid selector operator')]),
        ("scopeName: Priority, operator: Exists", [selected(".scopeName", 'Invalid value: "Priority": unsupported scope')]),
        ("scopeName: Terminating, operator: DoesNotExist",
         [selected(".operator",
                   'Invalid value: "DoesNotExist": must be \'Exists\' when scope is any of ResourceQuotaScopeTerminating, '
                   "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or "
                   "ResourceQuotaScopeCrossNamespacePodAffinity")]),
        ("scopeName: VolumeAttributesClass, operator: Exists",
         [selected("", 'Invalid value: {"MatchExpressions":[{"ScopeName":"VolumeAttributesClass","Operator":"Exists",'
                       '"Values":null}]}: unsupported scope applied to resource')]),
    ],
)  # fmt: skip
def test_scope_selectors(expression: str, wrong: Causes, minor: str) -> None:
    """A scope selector has known scopes and operators, and values if the operator needs some."""
    assert said(quota(f"hard: {{pods: 1}}, scopeSelector: {{matchExpressions: [{{{expression}}}]}}"), minor) == wrong


@BOTH
def test_scopes_that_exclude_each_other(minor: str) -> None:
    """Scopes of a selector that exclude each other are reported at the field scopes, which the manifest doesn't have."""
    both = "{scopeName: BestEffort, operator: Exists}, {scopeName: NotBestEffort, operator: Exists}"
    found = said(quota(f"hard: {{pods: 1}}, scopeSelector: {{matchExpressions: [{both}]}}"), minor)
    assert found == [selected("", "Invalid value: null: conflicting scopes")]


def of(field: str, words: str) -> tuple[str, str]:
    return f"spec.{field}" if field else "spec", words


SUBDOMAIN = "a lowercase RFC 1123 subdomain must consist of"
MODES = '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"'


@BOTH
@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (volume(), []),
        (volume(capacity="{}"),
         [of("capacity", REQUIRED), of("capacity", 'Unsupported value: {}: supported values: "storage"')]),
        (volume(capacity="null"),
         [of("capacity", REQUIRED), of("capacity", 'Unsupported value: null: supported values: "storage"')]),
        (volume(capacity="{size: 1Gi}"), [of("capacity", 'Unsupported value: {"size":"1Gi"}: supported values: "storage"')]),
        (volume(capacity="{storage: 1Gi, cpu: 1}"),
         [of("capacity", 'Unsupported value: {"cpu":"1","storage":"1Gi"}: supported values: "storage"')]),
        (volume(capacity="{storage: 0}"), [of("capacity[storage]", 'Invalid value: "0": must be greater than zero')]),
        (volume(capacity="{storage: -1500m}"),
         [of("capacity[storage]", "Invalid value: -2: must be a valid resource quantity"),
          of("capacity[storage]", 'Invalid value: "-1500m": must be greater than zero')]),
        (volume(modes="[]"), [of("accessModes", REQUIRED)]),
        (volume(modes="[RWO]"), [of("accessModes", f'Unsupported value: "RWO": supported values: {MODES}')]),
        (volume(modes="[ReadWriteOncePod, ReadOnlyMany]"),
         [of("accessModes", "Forbidden: may not use ReadWriteOncePod with other access modes")]),
        (volume(modes="[ReadWriteOncePod, RWO]"), [of("accessModes", f'Unsupported value: "RWO": supported values: {MODES}')]),
        (volume(""), [of("", "Required value: must specify a volume type")]),
        (volume("nfs: {server: a, path: /b}, hostPath: {path: /b}"), [of("nfs", ONE_SOURCE)]),
        (volume("csi: {driver: a.b, volumeHandle: c}, cephfs: {monitors: [a]}, hostPath: {path: /b}"),
         [of("cephFS", ONE_SOURCE), of("csi", ONE_SOURCE)]),
        (volume("flexVolume: {}, nfs: {server: a, path: /b}"), [of("flexVolume.driver", REQUIRED)]),
        (volume("hostPath: {path: ''}"), [of("hostPath.path", REQUIRED)]),
        (volume("hostPath: {path: /a/../b}"), [of("hostPath.path", "Invalid value: \"/a/../b\": must not contain '..'")]),
        (volume("local: {path: /b}"), [of("nodeAffinity", "Required value: Local volume requires node affinity")]),
        (volume("local: {}", more="nodeAffinity: {}"),
         [of("nodeAffinity.required", "Required value: must specify required node constraints"), of("local.path", REQUIRED)]),
        (volume(more="nodeAffinity: {required: {nodeSelectorTerms: []}}"),
         [of("nodeAffinity.required.nodeSelectorTerms", "Required value: must have at least one node selector term")]),
        (volume("csi: {}"),
         [of("csi.driver", REQUIRED), of("csi.volumeHandle", REQUIRED)]),
        (volume("csi: {driver: a.b, volumeHandle: c, nodePublishSecretRef: {name: s}, nodeStageSecretRef: {}}"),
         [of("csi.nodePublishSecretRef.namespace", REQUIRED)]),
        (volume("cinder: {volumeID: a, secretRef: {}}"),
         [of("cinder.secretRef.name", REQUIRED), of("cinder.secretRef.namespace", REQUIRED)]),
        (volume("azureFile: {secretName: a, shareName: b, secretNamespace: ''}"), [of("azureFile.secretNamespace", REQUIRED)]),
        (volume("glusterfs: {endpoints: a, path: b, endpointsNamespace: ''}"),
         [of("glusterfs.endpointsNamespace",
             'Invalid value: "": if the endpointnamespace is set, it must be a valid namespace name')]),
        (volume("iscsi: {targetPortal: 1.2.3.4, iqn: disk, lun: 256, initiatorName: host}"),
         [of("iscsi.iqn", 'Invalid value: "disk": must be valid format'),
          of("iscsi.lun", "Invalid value: 256: must be between 0 and 255, inclusive"),
          of("iscsi.initiatorname", 'Invalid value: "host": must be valid format')]),
        (volume("gcePersistentDisk: {partition: 256}"),
         [of("persistentDisk.pdName", REQUIRED),
          of("persistentDisk.partition", "Invalid value: 256: must be between 1 and 255, inclusive")]),
        (volume(more="persistentVolumeReclaimPolicy: Keep"),
         [of("persistentVolumeReclaimPolicy", 'Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"')]),
        (volume("hostPath: {path: /..//.}", more="persistentVolumeReclaimPolicy: Recycle"),
         [of("hostPath.path", "Invalid value: \"/..//.\": must not contain '..'"),
          of("persistentVolumeReclaimPolicy", "Forbidden: may not be 'recycle' for a hostPath mount of '/'")]),
        (volume("hostPath: {path: /}", more="persistentVolumeReclaimPolicy: Delete"), []),
        (volume(more="volumeMode: Disk"),
         [of("volumeMode", 'Unsupported value: "Disk": supported values: "Block", "Filesystem"')]),
        (volume(more="volumeAttributesClassName: ''"),
         [of("volumeAttributesClassName", "Required value: an empty string is disallowed"),
          of("csi", "Required value: has to be specified when using volumeAttributesClassName")]),
        (volume(more="claimRef: {kind: Nonsense}"), []),
    ],
)  # fmt: skip
def test_persistent_volumes(text: str, wrong: Causes, minor: str) -> None:
    """A volume has an amount of storage, known access modes, and one complete source."""
    found = said(text, minor)
    if minor == OLD and ("spec.csi.driver", REQUIRED) in wrong:  # there, an empty name is a wrong name, too
        found = [cause for cause in found if not cause[1].startswith(f'Invalid value: "": {SUBDOMAIN}')]
    assert found == wrong


@BOTH
def test_a_volumes_class(minor: str) -> None:
    """A volume's class has an object's name."""
    ((field, words),) = said(volume(more="storageClassName: Fast_SSD"), minor)
    assert field == "spec.storageClassName"
    assert words.startswith(f'Invalid value: "Fast_SSD": {SUBDOMAIN}')


@BOTH
def test_options_for_mounting(minor: str) -> None:
    """Mount options in an annotation are allowed only for some sources; iSCSI names have a limit on their total length."""
    annotated = "{name: disk, annotations: {volume.beta.kubernetes.io/mount-options: ro}}"
    assert said(volume().replace("{name: disk}", annotated), minor) == [
        ("metadata.annotations.volume.beta.kubernetes.io/mount-options",
         "Forbidden: may not specify mount options for this volume type")
    ]  # fmt: skip
    assert said(volume("nfs: {server: a, path: /b}").replace("{name: disk}", annotated), minor) == []
    iqn = "iqn.2001-04.com.example:a"
    long = volume(f"iscsi: {{targetPortal: {'a' * 60}, iqn: '{iqn}', initiatorName: '{iqn}'}}")
    words = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified."
    assert said(long, minor) == [("spec.iscsi.targetportal", f'Invalid value: "{"a" * 60}": {words}')]
    assert said(long.replace("a" * 60, "a" * 59), minor) == []
