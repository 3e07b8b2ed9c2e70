"""Jobs and CronJobs.

Source: pkg/apis/batch/validation/validation.go, in its order; defaults are those of pkg/apis/batch/v1/defaults.go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from cluster.admission import name_rules
from cluster.admission.decode import Object
from cluster.admission.minor import Minor
from cluster.admission.problems import (
    Problem,
    Problems,
    duplicate,
    each_invalid,
    invalid,
    required,
    too_long,
    too_many,
    unsupported,
)  # fmt: skip
from cluster.admission.rules.metadata import (
    METADATA,
    empty_selector,
    go_selector,
    label_selector,
    matches,
    nonnegative,
    object_meta,
    template_labels_problem,
    usable,
)  # fmt: skip
from cluster.admission.rules.pods import pod_template, restart_policy
from cluster.manifests.cron import schedule_complaint, zone_complaints
from cluster.manifests.documents import Path
from cluster.manifests.go_text import quoted

_MOST_CRON_NAME = 52
_MOST_MANAGED_BY = 63
_MOST_PARALLEL, _MOST_FAILED = 100_000, 100_000
_SOFT_COMPLETIONS, _SOFT_LIMIT = 100_000, 10_000
_MOST_RULES, _MOST_CODES, _MOST_CONDITIONS = 20, 255, 20
_MOST_INDEX_BYTES = 64 * 1024
_INDEX = re.compile(r"\+?[0-9]{1,18}", re.ASCII)
_INDEXED = "Indexed"
_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_STATUSES = ("False", "True", "Unknown")
_COUNTS = (
    "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
    "backoffLimitPerIndex", "maxFailedIndexes",
)  # fmt: skip


def cron_job(obj: Object, minor: Minor) -> Problems:
    """ValidateCronJobCreate; the controller needs 11 characters of a Job's name."""
    metadata, spec = obj.get("metadata", {}), obj.get("spec", {})
    path: Path = ("spec",)
    yield from object_meta(metadata, name_rules.dns_subdomain, minor)
    schedule, zone = spec.get("schedule", ""), spec.get("timeZone")
    if not schedule:
        yield required((*path, "schedule"))
    else:
        if complaint := schedule_complaint(schedule):
            yield invalid((*path, "schedule"), schedule, complaint)
        if "TZ" in schedule:
            words = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
            yield invalid((*path, "schedule"), schedule, words)
    yield from nonnegative(spec.get("startingDeadlineSeconds"), (*path, "startingDeadlineSeconds"))
    if zone is not None:
        yield from each_invalid((*path, "timeZone"), zone, zone_complaints(zone))
    policy = spec.get("concurrencyPolicy") or "Allow"
    if policy not in ("Allow", "Forbid", "Replace"):
        yield unsupported((*path, "concurrencyPolicy"), policy, ("Allow", "Forbid", "Replace"))
    yield from _job_template(spec.get("jobTemplate", {}).get("spec", {}), (*path, "jobTemplate", "spec"), minor)
    for field in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        yield from nonnegative(spec.get(field), (*path, field))
    name = metadata.get("name", "")
    if len(name.encode()) > _MOST_CRON_NAME:
        yield invalid((*METADATA, "name"), name, f"must be no more than {_MOST_CRON_NAME} characters")


def job(obj: Object, minor: Minor) -> Problems:
    """ValidateJob. The server sets selector and labels unless manualSelector is true."""
    metadata, spec = obj.get("metadata", {}), obj.get("spec", {})
    path: Path = ("spec",)
    yield from object_meta(_labeled(metadata, spec), name_rules.dns_subdomain, minor)
    manual, selector = bool(spec.get("manualSelector")), spec.get("selector")
    if selector is not None and not manual and not empty_selector(selector) and usable(selector, minor):
        yield invalid((*path, "selector"), go_selector(selector), "`selector` not auto-generated")
    defaulted = _with_defaults(spec, "" if manual else metadata.get("name", ""))
    yield from _job_spec(defaulted, path, minor)
    if selector is None and manual:
        yield required((*path, "selector"))
    yield from label_selector(selector, (*path, "selector"), minor)
    written = spec.get("template", {}).get("metadata", {}).get("labels")
    if usable(selector, minor) and not _selects(selector, written, manual=manual):
        yield template_labels_problem((*path, "template"), written)
    completions = defaulted.get("completions", 0)
    if spec.get("completionMode") == _INDEXED and completions > 0:
        host = f"{metadata.get('name', '')}-{completions - 1}"
        if name_rules.dns_label(host):
            words = f"will not able to create pod with invalid DNS label: {host}"
            yield invalid((*METADATA, "name"), metadata.get("name", ""), words)


def _selects(selector: Object | None, written: Mapping[str, str] | None, *, manual: bool) -> bool:
    """Whether the Job's selector (with the server's own labels unless it is manual) matches its template."""
    if selector is None:
        return not manual
    return empty_selector(selector) or matches(selector, written or {})


def _labeled(metadata: Object, spec: Object) -> Object:
    """SetDefaults_Job: a Job without labels gets those of its template."""
    labels = spec.get("template", {}).get("metadata", {}).get("labels")
    return metadata if metadata.get("labels") or labels is None else {**metadata, "labels": labels}


def _with_defaults(spec: Object, name: str) -> Object:
    """SetDefaults_Job, which a CronJob's template doesn't get, and the labels with the Job's name."""
    both = "completions" not in spec and "parallelism" not in spec
    defaulted = {"parallelism": 1, **({"completions": 1} if both else {}), **spec}
    if name:
        template = spec.get("template", {})
        metadata = template.get("metadata", {})
        labels = {**metadata.get("labels", {}), "batch.kubernetes.io/job-name": name, "job-name": name}
        defaulted["template"] = {**template, "metadata": {**metadata, "labels": labels}}
    return defaulted


def _job_template(spec: Object, path: Path, minor: Minor) -> Problems:
    """ValidateJobTemplateSpec."""
    yield from _job_spec(spec, path, minor)
    if (selector := spec.get("selector")) is not None:
        yield invalid((*path, "selector"), go_selector(selector), "`selector` will be auto-generated")
    if spec.get("manualSelector"):
        yield unsupported((*path, "manualSelector"), value=True, supported=("nil", "false"))


def _job_spec(spec: Object, path: Path, minor: Minor) -> Problems:
    """Source: validateJobSpec."""
    for field in _COUNTS:
        yield from nonnegative(spec.get(field), (*path, field))
    mode = spec.get("completionMode", "NonIndexed")
    yield from _indexes(spec, path, mode)
    yield from _policies(spec, path, mode, minor)
    template = spec.get("template", {})
    yield from pod_template(template, (*path, "template"), minor)
    policy = restart_policy(template.get("spec", {}))
    where = (*path, "template", "spec", "restartPolicy")
    if policy == "Always":
        yield required(where, 'valid values: "OnFailure", "Never"')
    elif policy not in ("OnFailure", "Never"):
        yield unsupported(where, policy, ("OnFailure", "Never"))
    elif "podFailurePolicy" in spec and policy != "Never":
        yield invalid(where, policy, 'only "Never" is supported when podFailurePolicy is specified')


def _indexes(spec: Object, path: Path, mode: str) -> Problems:
    """A Job's completion mode and its controller."""
    if "maxFailedIndexes" in spec and "backoffLimitPerIndex" not in spec:
        yield required((*path, "backoffLimitPerIndex"), "when maxFailedIndexes is specified")
    if (manager := spec.get("managedBy")) is not None:
        yield from _prefixed_path(manager, (*path, "managedBy"))
    if mode not in ("NonIndexed", _INDEXED):
        yield unsupported((*path, "completionMode"), mode, ("NonIndexed", _INDEXED))
    if mode == _INDEXED:
        yield from _indexed(spec, path)
    elif mode == "NonIndexed":
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if field in spec:
                yield invalid((*path, field), spec[field], "requires indexed completion mode")


def _indexed(spec: Object, path: Path) -> Problems:
    completions, failed = spec.get("completions"), spec.get("maxFailedIndexes")
    parallel = spec.get("parallelism", 0)
    if completions is None:
        yield required((*path, "completions"), "when completion mode is Indexed")
    if parallel > _MOST_PARALLEL:
        words = f"must be less than or equal to {_MOST_PARALLEL} when completion mode is Indexed"
        yield invalid((*path, "parallelism"), parallel, words)
    if completions is not None and failed is not None and failed > completions:
        yield invalid((*path, "maxFailedIndexes"), failed, "must be less than or equal to completions")
    if failed is not None and failed > _MOST_FAILED:
        yield invalid((*path, "maxFailedIndexes"), failed, f"must be less than or equal to {_MOST_FAILED}")
    if completions is not None and completions > _SOFT_COMPLETIONS and "backoffLimitPerIndex" in spec:
        words = (
            f"must be less than or equal to {_SOFT_LIMIT} when completions are above {_SOFT_COMPLETIONS} "
            "and used with backoff limit per index"
        )
        if failed is None:
            needed = f"must be specified when completions is above {_SOFT_COMPLETIONS}"
            yield required((*path, "maxFailedIndexes"), needed)
        if parallel > _SOFT_LIMIT:
            yield invalid((*path, "parallelism"), parallel, words)
        if failed is not None and failed > _SOFT_LIMIT:
            yield invalid((*path, "maxFailedIndexes"), failed, words)


def _prefixed_path(written: str, path: Path) -> Problems:
    """IsDomainPrefixedPath, and the length of managedBy."""
    host, slash, rest = written.partition("/")
    if not written:
        yield required(path)
    elif not slash or not host or not rest:
        yield invalid(path, written, 'must be a domain-prefixed path (such as "acme.io/foo")')
    else:
        yield from each_invalid(path, host, name_rules.dns_subdomain(host))
        yield from each_invalid(path, rest, name_rules.http_path(rest))
    if len(written) > _MOST_MANAGED_BY:
        yield too_long(path, _MOST_MANAGED_BY)


def _policies(spec: Object, path: Path, mode: str, minor: Minor) -> Problems:
    failure, success = spec.get("podFailurePolicy"), spec.get("successPolicy")
    if failure is not None:
        pod = spec.get("template", {}).get("spec", {})
        containers = {c.get("name", "") for kind in ("containers", "initContainers") for c in pod.get(kind, [])}
        rules = failure.get("rules", [])
        here = (*path, "podFailurePolicy", "rules")
        if len(rules) > _MOST_RULES:
            yield too_many(here, len(rules), _MOST_RULES)
        for index, rule in enumerate(rules):
            yield from _failure_rule(rule, (*here, index), spec, containers, minor)
    if success is not None:
        if mode != _INDEXED:
            yield invalid((*path, "successPolicy"), _go_success(success), "requires indexed completion mode")
        else:
            yield from _success(success, (*path, "successPolicy"), spec.get("completions"))
    replacement = spec.get("podReplacementPolicy")
    if replacement is not None:
        known = ("Failed",) if failure is not None else ("Failed", "TerminatingOrFailed")
        if replacement not in known:
            yield unsupported((*path, "podReplacementPolicy"), replacement, known)


def _go_success(policy: Object) -> dict[str, Any]:
    shown = [
        {"SucceededIndexes": rule.get("succeededIndexes"), "SucceededCount": rule.get("succeededCount")}
        for rule in policy.get("rules", [])
    ]
    return {"Rules": shown if "rules" in policy else None}


def _failure_rule(rule: Object, path: Path, spec: Object, containers: set[str], minor: Minor) -> Problems:
    """Source: validatePodFailurePolicyRule."""
    action = rule.get("action", "")
    if not action:
        yield required((*path, "action"), 'valid values: ["Count" "FailIndex" "FailJob" "Ignore"]')
    elif action == "FailIndex":
        if "backoffLimitPerIndex" not in spec:
            yield invalid((*path, "action"), action, "requires the backoffLimitPerIndex to be set")
    elif action not in _ACTIONS:
        yield unsupported((*path, "action"), action, _ACTIONS)
    codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions", [])
    if codes is not None:
        yield from _exit_codes(codes, (*path, "onExitCodes"), containers)
    if len(conditions) > _MOST_CONDITIONS:
        yield too_many((*path, "onPodConditions"), len(conditions), _MOST_CONDITIONS)
    yield from _conditions(conditions, (*path, "onPodConditions"), minor)
    if codes is not None and conditions:
        words = "specifying both OnExitCodes and OnPodConditions is not supported"
        yield Problem(path, "FieldValueInvalid", f"Invalid value: {words}")
    elif codes is None and not conditions:
        words = "specifying one of OnExitCodes and OnPodConditions is required"
        yield Problem(path, "FieldValueInvalid", f"Invalid value: {words}")


def _conditions(conditions: Sequence[Object], path: Path, minor: Minor) -> Problems:
    """Source: validatePodFailurePolicyRuleOnPodConditions."""
    for index, condition in enumerate(conditions):
        here = (*path, index)
        kind, status = condition.get("type", ""), condition.get("status") or "True"
        yield from each_invalid((*here, "type"), kind, minor.qualified_name(kind))
        if status not in _STATUSES:
            yield unsupported((*here, "status"), status, _STATUSES)


def _exit_codes(codes: Object, path: Path, containers: set[str]) -> Problems:
    operator, values = codes.get("operator", ""), codes.get("values", [])
    if not operator:
        yield required((*path, "operator"), 'valid values: ["In" "NotIn"]')
    elif operator not in ("In", "NotIn"):
        yield unsupported((*path, "operator"), operator, ("In", "NotIn"))
    name = codes.get("containerName")
    if name is not None and name not in containers:
        words = "must be one of the container or initContainer names in the pod template"
        yield invalid((*path, "containerName"), name, words)
    if not values:
        yield invalid((*path, "values"), codes.get("values"), "at least one value is required")
    elif len(values) > _MOST_CODES:
        yield too_many((*path, "values"), len(values), _MOST_CODES)
    seen: set[int] = set()
    for index, value in enumerate(values):
        if operator == "In" and value == 0:
            yield invalid((*path, "values", index), value, "must not be 0 for the In operator")
        if value in seen:
            yield duplicate((*path, "values", index), value)
        seen.add(value)
    if any(before > after for before, after in pairwise(values)):
        yield invalid((*path, "values"), values, "must be ordered")


def _success(policy: Object, path: Path, completions: int | None) -> Problems:
    """Source: validateSuccessPolicy."""
    rules: Sequence[Object] = policy.get("rules", [])
    here = (*path, "rules")
    if not rules:
        yield required(here, "at least one rules must be specified when the successPolicy is specified")
    if len(rules) > _MOST_RULES:
        yield too_many(here, len(rules), _MOST_RULES)
    if completions is None:  # reported elsewhere; the server itself crashes here
        return
    for index, rule in enumerate(rules):
        yield from _success_rule(rule, (*here, index), completions)


def _success_rule(rule: Object, path: Path, completions: int) -> Problems:
    """Source: validateSuccessPolicyRule."""
    count, indexes = rule.get("succeededCount"), rule.get("succeededIndexes")
    if count is None and indexes is None:
        yield required(path, "at least one of succeededCount or succeededIndexes must be specified")
    total = 0
    if indexes is not None:
        if len(indexes.encode()) > _MOST_INDEX_BYTES:
            yield too_long((*path, "succeededIndexes"), _MOST_INDEX_BYTES)
        total, complaint = _indexes_total(indexes, completions)
        if complaint:
            yield invalid((*path, "succeededIndexes"), indexes, f"error parsing succeededIndexes: {complaint}")
    if count is None:
        return
    yield from nonnegative(count, (*path, "succeededCount"))
    if count > completions:
        words = f"must be less than or equal to {completions} (the number of specified completions)"
        yield invalid((*path, "succeededCount"), count, words)
    if indexes is not None and count > total:
        words = f"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
        yield invalid((*path, "succeededCount"), count, words)


def _indexes_total(text: str, completions: int) -> tuple[int, str]:
    """Return the number of indexes in a text such as ``1,3-5``, and its problem. Source: validateIndexesFormat."""
    total, last = 0, -1
    for interval in text.split(",") if text else ():
        parts = interval.split("-")
        if len(parts) > 2:  # noqa: PLR2004  from and to
            words = "violates the requirement that an index interval can have at most two parts separated by '-'"
            return 0, f"the fragment {quoted(interval)} {words}"
        numbers = []
        for part in parts:
            if not _INDEX.fullmatch(part):
                return 0, f"cannot convert string to integer for index: {quoted(part)}"
            if int(part) >= completions:
                return 0, f"too large index: {quoted(part)}"
            numbers.append(int(part))
        first, final = numbers[0], numbers[-1]
        if len(numbers) > 1 and first >= final:
            return 0, f"non-increasing order, previous: {first}, current: {final}"
        if last >= first:
            return 0, f"non-increasing order, previous: {last}, current: {first}"
        total, last = total + final - first + 1, final
    return total, ""
