"""The home skill: carries out what grounding found, and answers from the state."""
