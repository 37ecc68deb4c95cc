"""Launching, steering and ending child processes. The only package that has subprocesses."""
