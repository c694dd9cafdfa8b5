"""Loans: papers leave their place for a time and come back counted; consultation is reading on the spot."""
