"""Watch and be told: which changes a filter's owner hears of, and in what words. Sending is `ingest`'s."""
