"""Runs as the playground has them: their programs, what these print, and their recordings."""
