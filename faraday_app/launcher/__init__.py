"""What `make` runs: from a bare checkout to a served app."""
