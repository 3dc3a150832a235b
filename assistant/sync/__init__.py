"""Syncs: a folder, a feed, a sitemap or a list of addresses → a library that has what these have."""
