"""Finding something to play, cook or watch: catalogues, what goes with what, and what to ask."""
