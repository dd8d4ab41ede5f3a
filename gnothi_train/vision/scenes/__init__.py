"""Household scenes with known truth, drawn from emoji, clip art and a few photos.

A thing is cut out, painted, turned and laid on a background; the scene knows where each one is,
what it is called and which colour it has. Everything here is *rendered*: figures on it say so.
"""
