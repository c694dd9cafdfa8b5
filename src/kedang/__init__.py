"""Kedang: customer files kept under an organization's own written policy."""
