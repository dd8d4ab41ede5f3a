"""Reading: written pages that are rendered, and a spotter that learns from them (GLASS)."""
