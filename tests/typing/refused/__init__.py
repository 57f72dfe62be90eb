"""Wrong programs: never run, and every line that says so must be refused by both checkers."""
