"""What is kept of people: who looked, taking it out, and its end."""
