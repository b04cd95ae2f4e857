"""Pages of the partners' floor, one file per notion."""
