"""Looking at the program's values, frames and source without running any of its code."""
