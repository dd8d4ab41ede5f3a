"""Simple methods that ours ought to beat, written as well as simple methods can be."""
