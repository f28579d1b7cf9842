"""Disclosure tables: what frameworks ask about a materiality assessment, filled from what is recorded, and marked where
it is not."""
