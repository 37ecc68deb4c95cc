"""The run of the program as the real ``__main__``."""
