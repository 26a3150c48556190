"""A tabletop exercise 桌面推演: plays all people of a district, over the public interfaces only."""
