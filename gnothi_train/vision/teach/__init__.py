"""Teaching a detector things from a few pictures: networks, methods, pictures to learn from."""
