"""Collections: whom to ask what, the mails and their links, the answers."""
