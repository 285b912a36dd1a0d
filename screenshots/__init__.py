"""Pictures of every page, in both sizes and themes, for the documentation: `make screenshots`."""
