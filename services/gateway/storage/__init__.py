"""The gateway's own database: accounts, invitations, sessions."""
