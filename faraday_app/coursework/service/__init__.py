"""What people do with coursework: services for the page, the API and what is built on it."""
