"""How long a repeat is known: what becomes of rows that are older than the policy's promise."""
