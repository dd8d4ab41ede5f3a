"""Trains the streaming recogniser: sentences, synthetic voices, augmentation, network, export."""
