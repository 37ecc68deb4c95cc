"""Child processes: launched, steered and ended. The only package that starts any."""
