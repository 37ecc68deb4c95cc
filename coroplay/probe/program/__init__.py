"""Running the program as the real ``__main__``."""
