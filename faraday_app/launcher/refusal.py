"""Why Faraday does not start."""


class Refusal(Exception):
    """One clear sentence for the operator; printed as it is, exit code 1."""
