"""What the board makes of what it hears: plain rules, without bus or database."""
