"""Teaching the camera, measured: domains, runs, and what they come to."""
