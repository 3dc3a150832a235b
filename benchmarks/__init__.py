"""Benchmarks of speed, load and crash safety. A regular package: a dependency has another one named ``benchmarks``."""
