"""Pictures in, what is in them out: files, cameras, shapes, reading."""
