"""A fleet of processes that share tokens: races, faults and load."""
