"""Directory 名录: who and where, from when to when. Units, places, organisations, desks, people, halls, duties."""
