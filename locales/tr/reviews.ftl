# Reviews and their moderation.
