"""The ground that all of the probe stands on, and the choice of the accelerator."""
