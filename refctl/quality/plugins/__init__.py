"""What runs inside of the suites' own runners."""
