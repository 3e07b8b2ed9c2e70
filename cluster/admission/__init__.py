"""The API server's admission: strict decoding, defaults, validation, and the verdict in the server's words."""

from __future__ import annotations

from cluster.admission.minor import minor_named
from cluster.admission.verdict import admit, admit_text

__all__ = ["admit", "admit_text", "minor_named"]
