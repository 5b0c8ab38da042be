"""The record and the typed tools over it: pure, no model, no graph, no clock of its own."""
