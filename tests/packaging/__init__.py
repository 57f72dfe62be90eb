"""What people install: the wheel, the sdist, and what pip brings with them."""
