"""The embedded cluster: virtual time, deterministic, milliseconds; no Docker, no network, no state."""
