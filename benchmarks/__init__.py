"""Speed, scale and crashes. A regular package, because a dependency brings a ``benchmarks`` of its own."""
