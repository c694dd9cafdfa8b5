"""SQLite as Django drives it, with writers that queue fairly."""
