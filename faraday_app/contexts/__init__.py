"""Conversations with models: messages, branches, runs, sharing."""
