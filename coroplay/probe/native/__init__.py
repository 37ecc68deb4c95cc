"""The accelerator, in C."""
