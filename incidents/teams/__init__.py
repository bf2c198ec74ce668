"""Accounts and teams: signing in and up, invitations, roles, and their history."""
