"""``python -m gnothi`` is the command line."""

from gnothi.cli import main

main()
