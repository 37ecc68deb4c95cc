"""Screens over the main one: the keys, the commands by name, a script to open."""
