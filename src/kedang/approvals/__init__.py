"""Requests for consent, addressed to posts under a clause.  A consent is a fact; granting it triggers nothing."""
