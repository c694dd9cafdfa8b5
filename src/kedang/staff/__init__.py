"""Staff: persons, posts, units and branches (tables and reads)."""
