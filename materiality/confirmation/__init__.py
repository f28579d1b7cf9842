"""The page on which a result is proposed and confirmed, and what other pages say of it."""
