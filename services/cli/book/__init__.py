"""The directory's book at the command line: imported, compared, shown and written."""
