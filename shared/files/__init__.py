"""Reads what offices really export: CSV in any encoding of theirs, XLSX, JSONL. Every import goes through here.

bytes → `encoding` → `delimited`, `lines` or `workbooks` → `tables` (one table, its rows) → `reading` (cells of a row as
text, codes and instants). What can be read without guessing is read; the rest is a `Fault` with its row and column.
"""
