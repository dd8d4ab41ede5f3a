"""Whether how well a conversation seems to go foretells how it ends."""
