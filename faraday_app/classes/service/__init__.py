"""What people do with classes: services for the page, the API and what is built on classes."""
