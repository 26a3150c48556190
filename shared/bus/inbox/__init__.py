"""Taking events in: consumed in batches, handled in one transaction, each once."""
