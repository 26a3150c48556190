"""Where entries and the journal of their changes are kept."""
