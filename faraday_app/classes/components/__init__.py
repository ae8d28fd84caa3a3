"""The parts of the pages of classes."""
