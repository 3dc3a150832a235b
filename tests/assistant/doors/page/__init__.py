"""A package, so that pytest knows when its last test has run."""
