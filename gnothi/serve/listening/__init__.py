"""A microphone somewhere in the home: sound in, turns, and the answers spoken back."""
