"""Who may come in, how often and with how much: every check before a request is read."""
