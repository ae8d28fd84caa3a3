"""Totals of classes: how they come about, and every rule on the way."""
