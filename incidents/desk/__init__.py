"""The analysts' review queue: what waits, who has it in hand, what an answer does."""
