"""Fits the model of responses to replies that were written for it."""
