"""Pictures with known truth, and how well machines see them."""
