"""What the assistant learns from its journal, and what of that it lets in."""
