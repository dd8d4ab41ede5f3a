"""Understanding: a text into requests with intent and slots, or an honest 'out of scope'."""
