"""Reading: who finds the words in a picture, in which order, and what they tell."""
