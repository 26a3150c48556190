"""What the directory can be asked, and what it answers."""
