"""Real conversations about music (CPCD), replayed turn by turn: who is liked, and who is ranked."""
