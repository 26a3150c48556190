"""The rules of handling. Plain Python: nothing here knows a database, a broker or what time it is."""
