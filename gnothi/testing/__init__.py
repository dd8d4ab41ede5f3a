"""Checks that implementations of the Protocols pass, ours or a stranger's."""
