"""The work: adding up squares, in shares for many hands."""


def add_squares(share, shares, count):
    """Add every so-many-th square, with no pause at all."""
    total = 0
    for n in range(share, count, shares):
        total += n * n
    return total
