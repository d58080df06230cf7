"""The gate: which rules a resource has, what a delivery breaks, what enters the pool. Uses Great Expectations through `expectations`."""
