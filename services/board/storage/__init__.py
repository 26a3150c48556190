"""The board's tables: two generations of all that is looked at, and which of them serves."""
