"""Training of the end-pointer's arbitrator."""
