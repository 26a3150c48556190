"""The pages on the running suite, in a browser; a package, so that what these tests share ends with them."""
