"""What somebody must do by when, and under which clause: the cache of the fold over the journal."""
