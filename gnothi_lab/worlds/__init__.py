"""Worlds with known truth: what learners meet looks like a deployment, and the lab knows better."""
