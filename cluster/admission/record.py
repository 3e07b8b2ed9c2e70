"""Record admission's data from a real API server, so that people don't write it by hand.

``python -m tools.renew`` does it, among other things.

The recording has ``version``; ``gates``, the feature gates and whether they are on; ``scheme``, a line of the server's
code that refusals name; ``kinds``; ``types``, the fields of each type with their types; ``names`` and ``embedded``, Go's
names in refusals (see ``GoNames``); ``ignored``, the fields whose gate is off, with the gate's name if the documents
have it; ``undecided``, the fields for which the recorder can't tell; and ``others``, the kinds that are known
by name only. Nothing is created: every POST is a dry run. It takes about 3,000 requests, a few seconds.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from cluster.admission.recording import openapi
from cluster.admission.recording.connection import Ask, Progress, create, get
from cluster.admission.recording.gates import carried, gates
from cluster.admission.recording.go_types import go_names
from cluster.admission.recording.ignored import ignored
from cluster.admission.schema import FOLDER, schema_file
from cluster.kubernetes import number

_SCHEME = re.compile(r'in scheme "([^"]+)"$')


def record(ask: Ask, progress: Progress = lambda _what, _done, _of: None) -> dict[str, Any]:
    """Record the server's minor version. Raises OSError if the server doesn't answer."""
    groups = openapi.documents(ask, lambda done, of: progress("documents", done, of))
    schemas, kinds = openapi.schemas(groups), openapi.kinds(ask, groups)
    types = openapi.types(schemas, [kind["type"] for kind in kinds.values()])
    names = go_names(ask, kinds, types, progress)
    dropped, unknown = ignored(ask, kinds, types, progress)
    found: dict[str, dict[str, str]] = {}
    for owner, field in sorted(dropped):
        if not openapi.is_write_only(schemas, owner, field):
            found.setdefault(owner, {})[field] = openapi.gate(schemas, owner, field)
    return {
        "version": get(ask, "/version")["gitVersion"],
        "gates": gates(ask),
        "scheme": _scheme(ask, kinds),
        "kinds": kinds,
        "types": types,
        "names": names.types,
        "embedded": names.embedded,
        "ignored": found,
        "undecided": [".".join(name) for name in unknown],
        "others": sorted(openapi.others(ask, kinds)),
    }


def written(recorded: dict[str, Any]) -> Path:
    """Write a recording to the folder of its minor version: ``recorded/MINOR/schema.json``."""
    minor = ".".join(map(str, number(str(recorded["version"]))[:2]))
    whole = schema_file(minor)
    whole.parent.mkdir(parents=True, exist_ok=True)
    earlier = [one.name for one in FOLDER.iterdir() if () < number(one.name) < number(minor)]
    if earlier:
        before = json.loads(schema_file(max(earlier, key=number)).read_text(encoding="utf-8"))
        recorded = recorded | {"gates": carried(recorded["gates"], before["gates"])}
    text = json.dumps(recorded, indent=0, sort_keys=True, separators=(",", ":"))
    beside = whole.with_name(f"{whole.name}.new")
    beside.write_text(text + "\n", encoding="utf-8")
    beside.replace(whole)
    return whole


def _scheme(ask: Ask, kinds: dict[str, Any]) -> str:
    """Return the server's scheme as refusals name it: ``pkg/runtime/scheme.go:111``."""
    kind = kinds["apps/v1/Deployment"]
    _, said = create(ask, kind, "apps/v1/Unheard", {})
    found = _SCHEME.search(str(said.get("message")))
    return found[1] if found else ""
