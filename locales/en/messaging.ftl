# Conversations.
