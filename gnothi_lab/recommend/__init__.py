"""Learning which question to ask, measured on simulated listeners."""
