"""Help somebody choose: music, a film, something for dinner, a radio station."""
