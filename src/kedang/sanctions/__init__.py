"""Breaches of staff: what was missed, what is proposed for it, and what a named post decided after a hearing."""
