"""The result as slides, in the house's look or on the organisation's template."""

from materiality.exports.deck.parts import deck_pptx

__all__ = ["deck_pptx"]
