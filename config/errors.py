"""What an operator must look at: the message says what is wrong and what to do."""


class ServerTrouble(Exception):
    """The embedded servers cannot run here as things are."""
