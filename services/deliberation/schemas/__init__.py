"""What deliberation is asked (requests) and what it answers (replies)."""
