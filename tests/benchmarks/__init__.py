"""The benchmarks still do what they say; how long it takes is nobody's test."""
