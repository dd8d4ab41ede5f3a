"""Measures Gnothi: worlds with known truth, baselines, peers, benchmarks, the results page."""
