"""``python -m gnothi_train NAME`` does what ``gnothi-train NAME`` does."""

from gnothi_train.cli import main

if __name__ == "__main__":
    main()
