"""Finding what a phrase names: pictures and phrases meet only in a dot product."""
