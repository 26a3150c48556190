"""Where listings, sessions, bookings and the directory are kept."""
