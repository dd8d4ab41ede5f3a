"""Finding things: rendered scenes, real photos with templates, and what a phrase costs."""
