"""Evaluation: datasets, metrics, suites, reports and the baseline."""
