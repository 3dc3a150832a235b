"""Rewrites follow-up questions of a conversation to stand alone."""
