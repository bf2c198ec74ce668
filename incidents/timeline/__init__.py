"""The timeline: which outages are in view, where each stands, and the figure that draws them."""
