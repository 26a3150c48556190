"""How the tables of the bus came to be, for the migrations of every service."""
