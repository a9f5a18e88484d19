"""Is a challenger better than what runs now: both on the same posts, pair by pair."""
