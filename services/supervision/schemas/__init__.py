"""What supervision and the escalation RPC can be asked, and what they answer."""
