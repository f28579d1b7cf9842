"""Review of a result: what people decide, how it differs from what was computed, and who confirmed it."""
