"""The pages of post-mortems: reading them, and the work on them."""
