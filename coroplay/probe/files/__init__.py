"""The recording's files, as they are written."""
