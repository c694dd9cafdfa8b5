"""Which edition of which policy binds which branch from when."""
