"""The rules of what may stand in the directory, and how an entry changes over time."""
