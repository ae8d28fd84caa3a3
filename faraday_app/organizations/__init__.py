"""Organisations, departments, memberships and invitations."""
