"""Print the hash of the world's parameters: ``python -m gnothi_lab.worlds.households``."""

from gnothi_lab.worlds.households.parameters import digest

if __name__ == "__main__":
    print(f"sha256:{digest()}")
