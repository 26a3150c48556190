"""What the services must agree on to talk, and the plumbing they stand on. No business rules live here."""
