"""Tags of the screens."""
