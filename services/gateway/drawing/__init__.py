"""Where the lines of the pictures go: numbers alone, which pieces among the templates draw and style sheets colour."""
