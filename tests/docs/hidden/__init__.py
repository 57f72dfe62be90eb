"""What a page's examples take for granted: run, and type-checked, before its blocks."""
