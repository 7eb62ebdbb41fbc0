"""The only way to run a query: guard, readers, limits, and the query library."""
