"""Artifact to snapshot: the embedded store and the interface behind which others stand."""
