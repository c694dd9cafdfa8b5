"""Inspections: rounds with the questions of the policy, and stock checks of what stands in a place."""
