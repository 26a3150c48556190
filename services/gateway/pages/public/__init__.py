"""Pages that everybody may see, without a login."""
