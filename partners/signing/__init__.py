"""Approvals and signatures: the board, the file of each partner, the three ways to sign, the closing, the reminders."""
