"""Other systems, run on the same rows as ours."""
