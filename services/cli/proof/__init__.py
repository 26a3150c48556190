"""What proves that nothing was lost: the services' own books, read until all is at rest, and then compared."""
