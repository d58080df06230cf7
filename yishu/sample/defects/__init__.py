"""What is wrong in the deliveries, on purpose: which kinds there are, where they strike, how they last, and how they
are corrected."""
