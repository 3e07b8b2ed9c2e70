"""Environment variables and their sources.

Source: ValidateEnv, ValidateEnvFrom and the selectors below them in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import Problems, each_invalid, invalid, not_found, required, unsupported
from cluster.admission.rules.volume_paths import no_backsteps
from cluster.admission.rules.windows import containers_of
from cluster.manifests.documents import Path
from cluster.manifests.quantity import ZERO

_ENV_FIELDS = (
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
)  # fmt: skip
_POD_FIELDS = frozenset(
    (
        *_ENV_FIELDS,
        "metadata.annotations",
        "metadata.labels",
        "spec.restartPolicy",
        "spec.schedulerName",
        "status.phase",
    )
)
_RESOURCES = (
    "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
    "requests.memory",
)  # fmt: skip
_HUGE_PAGES = ("limits.hugepages-", "requests.hugepages-")
_UNITS = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")


def env(variables: Sequence[Object], path: Path, minor: Minor) -> Problems:
    """ValidateEnv. Two variables of one name are allowed; the server only warns."""
    for index, variable in enumerate(variables):
        here = (*path, index)
        name = variable.get("name", "")
        if name:
            yield from each_invalid((*here, "name"), name, name_rules.env_name(name))
        else:
            yield required((*here, "name"))
        if (source := variable.get("valueFrom")) is not None:
            yield from _value_from(source, variable.get("value", ""), (*here, "valueFrom"), minor)


def env_from(sources: Sequence[Object], path: Path) -> Problems:
    """ValidateEnvFrom; a problem of a whole entry is reported for the list, as upstream does."""
    for index, source in enumerate(sources):
        here = (*path, index)
        prefix = source.get("prefix", "")
        if prefix:
            yield from each_invalid((*here, "prefix"), prefix, name_rules.env_name(prefix))
        found = [name for name in ("configMapRef", "secretRef") if name in source]
        for name in found:
            yield from _named(source[name], (*here, name))
        if not found:
            yield invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
        elif len(found) > 1:
            yield invalid(path, "", "may not have more than one field specified at a time")


def field_ref(selector: Object, path: Path, minor: Minor, allowed: Collection[str] = _ENV_FIELDS) -> Problems:
    """Source: validateObjectFieldSelector; the apiVersion defaults to v1."""
    version = selector.get("apiVersion") or "v1"
    field = selector.get("fieldPath", "")
    if not field:
        yield required((*path, "fieldPath"))
        return
    subscripted = _subscripted(field)
    complaint = ""
    if version != "v1":
        complaint = f"unsupported pod version: {version}"
    elif subscripted and subscripted[0] not in ("metadata.annotations", "metadata.labels"):
        complaint = f"field label does not support subscript: {field}"
    elif not subscripted and field not in _POD_FIELDS and field != "spec.host":
        complaint = f"field label not supported: {field}"
    if complaint:
        yield invalid((*path, "fieldPath"), field, f"error converting fieldPath: {complaint}")
    elif subscripted:
        key = subscripted[1].lower() if subscripted[0] == "metadata.annotations" else subscripted[1]
        yield from each_invalid(path, key, minor.qualified_name(key))
    elif (internal := "spec.nodeName" if field == "spec.host" else field) not in allowed:
        yield unsupported((*path, "fieldPath"), internal, sorted(allowed))


def resource_field_ref(selector: Object, path: Path, *, volume: bool = False) -> Problems:
    """Source: validateContainerResourceFieldSelector and the divisors that each resource takes."""
    resource = selector.get("resource", "")
    if volume and not selector.get("containerName"):
        yield required((*path, "containerName"))
    elif not resource:
        yield required((*path, "resource"))
    elif resource not in _RESOURCES and not resource.startswith(_HUGE_PAGES):
        yield unsupported((*path, "resource"), resource, _RESOURCES)
    divisor = selector.get("divisor", ZERO)
    kind = resource.partition(".")[2] if resource in _RESOURCES else "hugepages" * resource.startswith(_HUGE_PAGES)
    if not divisor.amount or not kind:
        return
    if kind == "cpu":
        if divisor.text not in ("1m", "1"):
            words = "only divisor's values 1m and 1 are supported with the cpu resource"
            yield invalid((*path, "divisor"), resource, words)
    elif divisor.text not in _UNITS:
        named = {"ephemeral-storage": "local ephemeral storage"}.get(kind, kind)
        words = f"only divisor's values {', '.join(_UNITS)} are supported with the {named} resource"
        yield invalid((*path, "divisor"), resource, words)


def _value_from(source: Object, value: str, path: Path, minor: Minor) -> Problems:
    found = [name for name in _SOURCES if name in source]
    for name in found:
        here = (*path, name)
        if name == "fieldRef":
            yield from field_ref(source[name], here, minor)
        elif name == "resourceFieldRef":
            yield from resource_field_ref(source[name], here)
        elif name == "fileKeyRef":
            yield from _file_key_ref(source[name], here)
        else:
            yield from _key_ref(source[name], here)
    if not found:
        known = _SOURCES if minor.on("EnvFiles") else _SOURCES[:-1]
        listed = ", ".join(f"`{name}`" for name in known[:-1])
        yield invalid(path, "", f"must specify one of: {listed} or `{known[-1]}`")
    elif value:
        yield invalid(path, "", "may not be specified when `value` is not empty")
    elif len(found) > 1:
        yield invalid(path, "", "may not have more than one field specified at a time")


def _key_ref(selector: Object, path: Path) -> Problems:
    """Source: validateConfigMapKeySelector and validateSecretKeySelector."""
    name, key = selector.get("name", ""), selector.get("key", "")
    yield from each_invalid((*path, "name"), name, name_rules.dns_subdomain(name))
    if key:
        yield from each_invalid((*path, "key"), key, name_rules.config_key(key))
    else:
        yield required((*path, "key"))


def _file_key_ref(selector: Object, path: Path) -> Problems:
    """Source: validateFileKeySelector."""
    for field, rule in (("key", name_rules.env_name), ("volumeName", name_rules.dns_label)):
        if value := selector.get(field, ""):
            yield from each_invalid((*path, field), value, rule(value))
        else:
            yield required((*path, field))
    if target := selector.get("path", ""):
        yield from no_backsteps(target, (*path, "path"))
    else:
        yield required((*path, "path"))


def file_key_volumes(spec: Object, path: Path) -> Problems:
    """Source: validateFileKeyRefVolumes: the file is in an emptyDir of the pod."""
    volumes = {volume.get("name", ""): volume for volume in spec.get("volumes", [])}
    for container, where in containers_of(spec):
        for index, variable in enumerate(container.get("env", [])):
            selector = variable.get("valueFrom", {}).get("fileKeyRef")
            if selector is None:
                continue
            here = (*path, *where, "env", index, "valueFrom", "fileKeyRef", "volumeName")
            name = selector.get("volumeName", "")
            if name not in volumes:
                yield not_found(here, name)
            elif set(volumes[name]) - {"name"} and "emptyDir" not in volumes[name]:
                yield invalid(here, name, "referenced volume must be of type emptyDir")


def _named(source: Object, path: Path) -> Problems:
    """Source: validateConfigMapEnvSource and validateSecretEnvSource, which mask a trailing dash."""
    name = source.get("name", "")
    if name:
        yield from each_invalid((*path, "name"), name, name_rules.dns_subdomain(name_rules.masked(name)))
    else:
        yield required((*path, "name"))


def _subscripted(field: str) -> tuple[str, str] | None:
    """SplitMaybeSubscriptedPath: ``metadata.labels['app']`` in its two parts."""
    if not field.endswith("']"):
        return None
    name, found, key = field.removesuffix("']").partition("['")
    return (name, key) if found and name else None
