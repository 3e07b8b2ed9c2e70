"""The kind world, as far as it needs no cluster; the other tests are in ``live/``."""
