"""Feed histories: what a feed's server answers, poll after poll, and what may then be posted."""
