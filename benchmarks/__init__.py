"""What things cost, beside the peers: ``make bench``."""
