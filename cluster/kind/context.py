"""Which cluster is ours: the context ``kind-workbook``, and in it the marker that ``workbook cluster up`` left.

A kubeconfig often leads to production, and anyone may have a kind cluster called workbook. Nothing but ours is
touched, unless a context is named outright.
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

UP = "`workbook cluster up` makes it; it needs Docker and kind. The simulated cluster needs neither."
CONNECTIONS = 16

_UNUSABLE = (ConfigException, YAMLError, OSError, TypeError, ValueError, KeyError, AttributeError)
"""What the client raises for a kubeconfig that is no use."""


def connect(context: str = "") -> Api:
    """Our cluster, or the one of a context that is named outright, here or by ``WORKBOOK_CONTEXT``.

    Raises WorldError if the cluster doesn't exist or isn't ours, NotReadyError if it doesn't answer yet.
    """
    named = named_context(context)
    return _client(named) if named else ours()


def ours() -> Api:
    """Our own cluster, whatever is named outright. Raises what ``connect`` raises."""
    api = _client(CONTEXT)
    answer = api.ask("GET", MARKER_PATH)
    if answer.good and isinstance(answer.body, dict):
        return api
    if answer.status != HTTPStatus.NOT_FOUND:  # it can't say yet, or not to us
        raise api.refusal(answer, MARKER_PATH)
    raise WorldError(
        f"The cluster of {api.context} isn't one that `workbook cluster up` made, so it isn't touched.",
        f"Name it outright (--context {api.context}) if it may be used, or delete it and run `workbook cluster up`.",
    )


def without_image(context: str, image: str) -> WorldError:
    """The error for a node that hasn't got an image of the shop's, with the way to bring it to that cluster."""
    if context == CONTEXT:
        hint = "`workbook cluster load` brings it there."
    else:
        hint = f"`workbook cluster load --context {context}` brings it there, or says what does."
    return WorldError(f"The cluster's node hasn't got the image {image}.", hint)


def known(context: str = CONTEXT) -> bool:
    """Whether the kubeconfig has a context of that name; nothing is contacted."""
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
    """The kubeconfig's files as one. The client's own list of contexts wants a current one, which needn't be there."""
    merged: dict[str, Any] = KubeConfigMerger(_kubeconfig()).config.value
    return merged


def _kubeconfig() -> str:
    # The client's own default is read when it is imported, and a test or a shell may say otherwise since.
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
