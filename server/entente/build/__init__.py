"""Files to artifact: sources, checks, metadata and the ordered pipeline."""
