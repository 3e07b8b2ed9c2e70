"""The kind world: what can be shown without a cluster; what can't is in ``live/``."""
