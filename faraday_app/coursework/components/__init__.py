"""The parts of the pages of coursework."""
