"""What councils can be asked, and what they answer."""
