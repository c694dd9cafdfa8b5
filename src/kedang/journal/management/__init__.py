"""Django commands that the write guard must know."""
