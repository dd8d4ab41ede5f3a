"""Why: what a turn did, in acts for wording, and what each of its words was worth."""
