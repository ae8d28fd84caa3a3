"""Providers, models, prices and the policy, as administrators change them; what came of it, in figures."""
