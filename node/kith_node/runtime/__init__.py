"""Configuration, wiring, start and stop, scheduler, logging, clock and randomness."""
