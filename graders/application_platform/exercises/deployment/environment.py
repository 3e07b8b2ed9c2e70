"""The application's environment variables, and their places in the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cluster.manifests.documents import Path
from cluster.pods.given import Given, environment
from graders.application_platform.contract import PORT
from graders.families.manifest.deployment import Manifest

HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the application's container: its value, and its path in the Deployment."""

    value: str
    path: Path


def port(answer: Manifest) -> tuple[int | None, Variable | None]:
    """Return the application's port, or None if it is invalid, and the variable that sets it, if any.

    The shop reads ``PORT``, and ignores an empty value.
    """
    said = variable(answer, "PORT")
    if said is None or not said.value:
        return PORT, None
    number = int(said.value) if re.fullmatch(r"[0-9]{1,5}", said.value, re.ASCII) else 0
    return (number if 0 < number <= HIGHEST_PORT else None), said


def variable(answer: Manifest, name: str) -> Variable | None:
    """Return a variable of the application's container, from ``env`` or from a ConfigMap or Secret of the answer."""
    container = answer.of()
    if not isinstance(container, dict):
        return None
    variables, _ = environment(container, Given.of(answer.documents, ("ConfigMap", "Secret")))
    if name not in variables:
        return None
    env = container.get("env")
    written = [
        i
        for i, one in enumerate(env if isinstance(env, list) else [])
        if isinstance(one, dict) and one.get("name") == name
    ]
    return Variable(variables[name], (*answer.path, "env", written[-1]) if written else (*answer.path, "envFrom"))
