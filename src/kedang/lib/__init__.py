"""Small helpers without models and without a domain."""
