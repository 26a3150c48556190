"""The rules of taking complaints in. Plain Python: no database, no broker, no clock."""
