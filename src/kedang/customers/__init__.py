"""Customers: a person or an organization, known once, whatever files exist about it."""
