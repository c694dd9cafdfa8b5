"""Benchmarks and the mutation check; each is a command that prints figures: ``python -m bench engine``, ``web``…"""
