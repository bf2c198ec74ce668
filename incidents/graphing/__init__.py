"""The graph of who stands on what: what is counted, chosen, laid out, drawn and told from its edges."""
