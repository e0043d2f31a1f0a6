"""Published pseudonymous profiles of this community, for its own members only."""
