"""What a part of the portal needs while the app lives."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

Living = Callable[[], AbstractAsyncContextManager[None]]
"""Begins with the app and ends with it."""
