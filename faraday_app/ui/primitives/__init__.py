"""The parts every page is built from: one file per kind, one function per part."""
