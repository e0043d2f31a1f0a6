"""App assembly, authorisation, limits, problem details, OpenAPI."""
