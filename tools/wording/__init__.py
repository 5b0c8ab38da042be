"""Recorded names, numbers and entries in words, as a reader expects them."""
