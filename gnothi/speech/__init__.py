"""Hearing: sound in, what was said out; recognisers of several makers behind one interface."""
