"""Pure functions over quads: closure, validation, the current view, canonical text."""
