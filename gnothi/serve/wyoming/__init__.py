"""The Wyoming protocol: makes the household a conversation agent of Home Assistant."""
