"""Doors of a household: HTTP, WebSocket, Wyoming, and the page."""
