"""Makes `tests.builders` and the rooms importable from the root, however pytest is started."""
