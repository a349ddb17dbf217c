# Conversations.
msg-title = Messages
msg-lead = Everything you and the other side wrote, in one place.
msg-empty-title = No messages yet
msg-empty-patient = A conversation starts when a clinic sends you an offer.
msg-empty-clinic = A conversation starts with your first offer to a patient.
msg-unread = { $count ->
    [one] { $count } new
   *[other] { $count } new
}
msg-closed = Closed
msg-closed-title = This conversation is closed
msg-closed-text = You can still read everything that was written. It opens again with a new offer.
msg-you = You: { $text }
msg-by-you = You
msg-case = To the case
msg-thread = Conversation
msg-older = Earlier messages
msg-newest = To the newest messages
msg-nothing-yet = Nothing has been written yet.
msg-from-staff = Message from Hairline
msg-seen = Seen
msg-hidden = contact details hidden
msg-hidden-mark = [contact details hidden]
msg-hidden-why = Phone numbers, addresses and names are hidden until the booking is confirmed. This protects both sides.
msg-write = Write a message
msg-today = Today
msg-yesterday = Yesterday
error-message_empty = Write something first.
error-message_too_long = A message has at most 2000 characters. Please split it.
error-conversation_closed = This conversation is closed. Your message was not sent.
error-idempotency_conflict = This was sent before. Send it again if you changed it.
