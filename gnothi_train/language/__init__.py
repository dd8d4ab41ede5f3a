"""Training of the language network: one encoder with heads for intent, slots and scope."""
