"""Networks that look at pictures: how they are built, and how they learn."""
