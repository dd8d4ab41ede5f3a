"""Finding what a phrase names in a picture: "the red mug", "my keys on the left"."""
