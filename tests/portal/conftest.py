"""Fixtures for all parts of the portal."""

from tests.portal.postgres_for_tests import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]
