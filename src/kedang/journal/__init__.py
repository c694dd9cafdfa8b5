"""The journal: events in hash chains, seals, refusals, access lines, keys of subjects, the write guard."""
