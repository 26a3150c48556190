"""The rules of who meets where and when."""
