"""Skills: what the assistant can do, each a folder with an API, wording and examples."""
