"""Conversations and their questions: kept in the database, answered in threads, told as events."""
