# What goes on after a deadline, and what staff do to requests and quotes.

error-inquiry_not_expired = Your request is still open. Clinics can still answer it.
error-nobody_to_ask = Every clinic there has been asked. Choose another country, or write to us.
error-inquiry_restricted = This request is meant for one clinic only.
error-provider_has_quoted = This clinic has answered already.
error-archive_not_allowed = Only a case that is cancelled, expired or completed can be put away.
error-restore_not_allowed = This quote cannot be brought back.
error-withdrawal_not_possible = Only an offer that is accepted and not paid can be given back.
error-withdrawal_not_requested = The clinic does not ask to step back any more.
error-withdrawal_requested = The clinic asked to step back from this offer. Nothing can be paid until our team has decided.
error-validity_out_of_range = Choose 1 to 720 hours that have not passed yet.
error-deadline_out_of_range = Choose a moment within the next 30 days.
error-sort_unknown = This order is not known.
error-length_out_of_range = Give a reason of 10 to 500 characters.
event-inquiry-reopened = Request opened again
event-inquiry-archived = Request put away
event-withdrawal-requested = Clinic asked to step back
event-withdrawal-resolved = Wish to step back decided
event-quote-restored = Quote brought back
my-event-inquiry-reopened = Your request goes on
my-event-withdrawal-requested = The clinic asked to step back
my-event-withdrawal-resolved = We decided about the clinic's wish
my-event-quote-restored = An offer is open again
