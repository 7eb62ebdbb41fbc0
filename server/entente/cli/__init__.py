"""Command line: wiring and text."""
