"""The money of a pact: sums that agree with their parts, the grid where it is typed, the files that it gives."""
