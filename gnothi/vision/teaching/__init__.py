"""Teaching the camera a thing: examples in, something that finds it out."""
