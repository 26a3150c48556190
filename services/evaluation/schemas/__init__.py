"""What evaluation can be asked, and what it answers."""
