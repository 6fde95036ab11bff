"""Where commits are kept."""
