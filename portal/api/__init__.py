"""The HTTP API under /api: patients, conversations, questions, resources, feedback."""
