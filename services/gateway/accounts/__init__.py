"""Logins of members of staff: accounts, sessions, and the tokens with which they call services."""
