"""coroplay: a terminal playground in which you see coroutines run.

The package itself holds nothing but its version, so that importing any one part stays cheap.
"""

__version__ = "0.1.0"
