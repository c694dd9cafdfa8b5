"""Papers change holder: handovers with two signatures, the sign-for book, checking and shelving."""
