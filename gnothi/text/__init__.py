"""Text and the values in it: words, numbers, times, names, and the shared encoder."""
