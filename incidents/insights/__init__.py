"""What the whole record says: how long outages last, why, where, and who admits them first."""
