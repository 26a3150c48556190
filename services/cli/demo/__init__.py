"""What `demo` and `replay` play with and show: orders from a file, their arrival times, the report of a month."""
