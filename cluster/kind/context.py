"""How to recognize our cluster: the context ``kind-workbook``, with the marker that ``workbook cluster up`` creates in it.

A kubeconfig often has production clusters, and a user may have another kind cluster called workbook. We use only
our own cluster, unless a context is named explicitly.
"""

from __future__ import annotations

import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

from kubernetes import config
from kubernetes.client import ApiClient
from kubernetes.config.config_exception import ConfigException
from kubernetes.config.kube_config import KubeConfigMerger
from yaml import YAMLError

from cluster.errors import WorldError
from cluster.kind.api import Api
from cluster.kind.detect import NAME, named_context

CONTEXT = NAME
CLUSTER = CONTEXT.removeprefix("kind-")
MARKER_NAMESPACE, MARKER = "workbook", "made-by-workbook-cluster-up"
MARKER_PATH = f"/api/v1/namespaces/{MARKER_NAMESPACE}/configmaps/{MARKER}"

UP = "`workbook cluster up` creates it; it needs Docker and kind. The simulated cluster needs neither."
CONNECTIONS = 16

_UNUSABLE = (ConfigException, YAMLError, OSError, TypeError, ValueError, KeyError, AttributeError)
"""What the client raises for an unusable kubeconfig."""


def connect(context: str = "") -> Api:
    """Connect to our cluster, or to that of a context named explicitly, by ``context`` or ``WORKBOOK_CONTEXT``.

    Raises WorldError if the cluster doesn't exist or isn't ours, NotReadyError if it doesn't answer yet.
    """
    named = named_context(context)
    return _client(named) if named else ours()


def ours() -> Api:
    """Connect to our own cluster, even if another is named. Raises what ``connect`` raises."""
    api = _client(CONTEXT)
    answer = api.ask("GET", MARKER_PATH)
    if answer.good and isinstance(answer.body, dict):
        return api
    if answer.status != HTTPStatus.NOT_FOUND:  # not ready yet, or no access
        raise api.refusal(answer, MARKER_PATH)
    raise WorldError(
        f"The cluster of {api.context} wasn't created by `workbook cluster up`, so it isn't used.",
        f"Name it explicitly (--context {api.context}) if it may be used, or delete it and run `workbook cluster up`.",
    )


def without_image(context: str, image: str) -> WorldError:
    """Return the error for a node without an image of the shop, with the way to load it."""
    if context == CONTEXT:
        hint = "`workbook cluster load` loads it."
    else:
        hint = f"`workbook cluster load --context {context}` loads it, or says how to."
    return WorldError(f"The cluster's node doesn't have the image {image}.", hint)


def known(context: str = CONTEXT) -> bool:
    """Whether the kubeconfig has a context of that name, without contacting anything."""
    try:
        return any(one["name"] == context for one in _merged()["contexts"])
    except _UNUSABLE:
        return False


def current() -> str:
    """Return the kubeconfig's current context, or ""."""
    try:
        return str(_merged().get("current-context") or "")
    except _UNUSABLE:
        return ""


def _merged() -> dict[str, Any]:
    """Return the kubeconfig's files merged. The client's own list of contexts fails without a current one."""
    merged: dict[str, Any] = KubeConfigMerger(_kubeconfig()).config.value
    return merged


def _kubeconfig() -> str:
    # The client reads its default at import; the variable may have changed since.
    return os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")


def _client(context: str) -> Api:
    if not known(context):
        raise WorldError(f"The kubeconfig has no context {context}, so there is no kind cluster to judge on.", UP)
    try:
        client: ApiClient = config.new_client_from_config(_kubeconfig(), context=context, persist_config=False)
    except _UNUSABLE as error:
        raise WorldError(f"The kubeconfig's context {context} can't be used: {str(error)[:200]}", UP) from error
    client.configuration.retries = False
    client.configuration.connection_pool_maxsize = CONNECTIONS
    return Api(ApiClient(client.configuration), context)
