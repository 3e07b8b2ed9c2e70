"""Kubernetes quantities: ``100m``, ``0.125Gi``, ``134217728``, ``1e3``.

Source: apimachinery's ``resource.Quantity``; kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_QUANTITY = re.compile(
    r"([+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40}))(m|n|u|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,2})?"
)
_SCALE = {
    "": Decimal(1), "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"),
    "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12), "P": Decimal(10**15),
    "E": Decimal(10**18), "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30), "Ti": Decimal(2**40),
    "Pi": Decimal(2**50), "Ei": Decimal(2**60),
}  # fmt: skip


def quantity(written: Any) -> Decimal | None:
    """The value of a quantity in its base unit (cores, bytes), or None for what isn't one."""
    if isinstance(written, bool) or not isinstance(written, (str, int, float, Decimal)):
        return None
    match = _QUANTITY.fullmatch(str(written))
    if match is None:
        return None
    number, suffix = Decimal(match[1]), match[2] or ""
    if suffix[:1] in ("e", "E") and suffix not in ("E", "Ei"):
        return number.scaleb(int(suffix[1:]))
    return number * _SCALE[suffix]
