"""Where evaluation keeps what it knows."""
