"""The inspection of values, frames and source without running any of the program's code."""
