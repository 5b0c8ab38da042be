"""Makes `tests.builders` and the rooms importable from the root, however pytest is started.

Drawn examples are the same in every run, so that a red test is somebody's change; draw others with
`pytest --hypothesis-profile default`.
"""

from hypothesis import settings

settings.register_profile("same every run", derandomize=True, deadline=None)
settings.load_profile("same every run")
