"""Deliberation 议: what is said, moved and voted in a session, and the record of it that nobody can change."""
