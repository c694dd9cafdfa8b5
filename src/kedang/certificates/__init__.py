"""Certificates: papers kept like cash, apart from the file, from receipt over the safe to their owner."""
