"""Value types, Protocols, errors and settings that every other folder shares.

Nothing here does work: a type says what travels, a Protocol says who may meet whom.
"""
