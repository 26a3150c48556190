"""What intake can be asked, and what it answers."""
