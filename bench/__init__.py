"""What each page costs, at real size and ×10: see docs/figures.md."""
