"""What programs ask the board, and what it answers."""
