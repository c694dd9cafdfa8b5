"""Benchmarks; each is a command that prints figures: ``python -m bench engine``, ``python -m bench web``."""
