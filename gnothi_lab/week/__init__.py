"""The household week (CONTRACTS, section 8): a family of four, a guest, seven days, a power cut.

One household lives through all of it; nothing is put right between steps, as at home.
"""
