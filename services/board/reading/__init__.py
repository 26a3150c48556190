"""How pages look at the board: plain Python on SQLAlchemy, without bus or green threads."""
