"""The two ways in which reading a source fails; anything else is a bug and rises."""


class IngestError(Exception):
    """Says what was wrong and what to do."""


class FetchError(IngestError):
    """The source could not be reached; it is tried again when it is next due."""


class ParseError(IngestError):
    """The body could not be read as this kind; a person must look."""
