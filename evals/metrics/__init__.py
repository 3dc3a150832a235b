"""Metrics: pure functions that read no file and do not call the assistant."""
