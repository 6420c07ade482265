"""What everything else stands on: plans, execution, journal, locks, configuration, errors."""
