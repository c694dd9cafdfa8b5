"""Figures that the policies ask for: computed over the rows, frozen where a clause says so."""
