"""The chat page and the embeddable element, as they are served."""

from portal.page.page import attach

__all__ = ["attach"]
