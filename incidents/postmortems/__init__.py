"""Post-mortems: what an outage did to a team, from a first draft to an address that lasts."""
