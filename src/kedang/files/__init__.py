"""Files, volumes, records, scans and places; numbering, completeness, search, intake and import."""
