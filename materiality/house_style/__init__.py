"""How an organisation's files look: the colours of its tiers, and its templates for Word and PowerPoint."""
