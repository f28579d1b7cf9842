"""How fast Salient is, as ratios: each benchmark runs its peer or its limit beside it, in the same run."""
