"""Intake's own database: orders, callers (sealed), issues, rejections."""
