"""Servers that this project did not write, each in a process of its own, and logins at them."""
