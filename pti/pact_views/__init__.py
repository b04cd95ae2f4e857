"""The pages of a pact: its list, its document, its writing, its life, its versions; one file per notion."""
