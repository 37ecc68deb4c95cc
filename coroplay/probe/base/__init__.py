"""The ground that all of the probe stands on.

The functions that it takes before the program can patch them, the guard around its hooks, and the
choice of the accelerator.
"""
