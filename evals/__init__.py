"""What good means, measured: datasets, metrics, suites, report, baseline."""
