"""What dispatch can be asked, and what it answers."""
