"""What the board does with what it hears, and what it answers."""
