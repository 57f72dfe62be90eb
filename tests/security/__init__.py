"""What went wrong in other libraries, tried here; docs/advisories.md names each test."""
