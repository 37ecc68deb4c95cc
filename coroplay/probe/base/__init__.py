"""The foundation of the probe.

Functions taken before the program can patch them, the guard around hooks, and the choice of the
accelerator.
"""
