"""The page that shows the design system: each piece in its states."""
