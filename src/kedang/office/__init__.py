"""The office: founding a house, the desk, the policy reader, staff and posts."""
