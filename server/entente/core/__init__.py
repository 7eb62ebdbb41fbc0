"""What every layer shares and that depends on nothing but the standard library."""
