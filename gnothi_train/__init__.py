"""Trains what Gnothi serves: reads data, emits artifacts in the light formats."""
