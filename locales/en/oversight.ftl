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
error-sort_needs_inquiry = Order by rating within one request.
event-inquiry-reopened = Request opened again
event-inquiry-archived = Request put away
event-withdrawal-requested = Clinic asked to step back
event-withdrawal-resolved = Wish to step back decided
event-quote-restored = Quote brought back
my-event-inquiry-reopened = Your request goes on
my-event-withdrawal-requested = The clinic asked to step back
my-event-withdrawal-resolved = We decided about the clinic's wish
my-event-quote-restored = An offer is open again

## A case in the hands of staff.
cm-title = Clinics and deadlines
cm-back = Back to the case
cm-counted = { $count ->
    [one] 1 of 10 places
   *[other] { $count } of 10 places
}
cm-source-selected = chosen by the patient
cm-source-matched = matched
cm-source-admin = added by staff
cm-source-exclusive = meant for this clinic
cm-change = Change
cm-reason = Reason
cm-reason-hint = 10 to 500 characters. It is kept in the log.
cm-utc = In UTC.
cm-deadline-one = New end of this clinic's time
cm-deadline-set = Set the deadline
cm-remove = Take the case away
cm-remove-reason = Why is the case taken away?
cm-add-title = Add clinics
cm-add-text = Any clinic that takes requests, also in other countries. It has its full time from now on.
cm-add-search = Name of the clinic
cm-add-none = No clinic of that name takes requests or is still missing here.
cm-add-choose = Clinics found
cm-add-beyond = Go beyond ten clinics on purpose
cm-add = Add
cm-extend-title = Let the request go on
cm-extend-text = Clinics not asked before come first, then those that let their time pass, up to ten. A request that had ended opens again.
cm-extend-country = Look in one more country
cm-extend-country-hint = Optional.
cm-extend = Ask more clinics
cm-distribute-title = Distribute again
cm-distribute-text = Free places are filled with the best clinics of the chosen countries that were not asked before.
cm-distribute = Distribute again
cm-deadline-title = Move all deadlines
cm-deadline-text = For every clinic that has not answered and still has time.
cm-deadline-all = New end of their time
cm-reopen-title = Ask for the medical answers again
cm-reopen-text = Only the patient gives them. Clinics are told when they have changed.
cm-reopen = Ask the patient
cm-archive-title = Put the case away
cm-archive-text = It stays readable and leaves the lists. Nothing can happen to it any more.
cm-archive = Put away
cm-archived = This case is put away
cm-archived-text = It is only there to read.
done-case-add = The clinics have the case now.
done-case-remove = The clinic no longer has the case.
done-case-deadline = The deadline is set.
done-case-distribute = The distribution has run.
done-case-extend = More clinics were asked.
done-case-reopen = The patient is asked to answer again.
done-case-archive = The case is put away.
done-case-edit = The request is changed and the clinics are told.
ce-title = Change the request
ce-open = Change the request
ce-lead = Medical answers and pictures are the patient's alone.
ce-why-title = Why do you open it?
ce-why-text = The request is medical data. Your reason is kept and the access lasts 30 minutes.
ce-why = Reason
ce-why-hint = 20 to 500 characters.
ce-why-send = Open the request

## A request that goes on.
extend-title = Let your request go on
extend-asked = { $count ->
    [one] one clinic was asked
   *[other] { $count } clinics were asked
}
extend-text = No clinic answered in time. We can ask others, and those that missed it once more. They have three days again, and you hear from us as soon as one answers.
extend-countries = Look in more countries
extend-countries-hint = Optional. The more countries, the more clinics.
extend-send = Ask more clinics
extend-else = Other ways
extend-new = Start a new request
extend-new-text = With other wishes, dates or pictures
extend-read = Read your request
extend-read-text = What the clinics were told
done-request-extended = Your request goes on. More clinics have it now.
my-next-extend-title = Nobody answered in time
my-next-extend-text = Your request can go on: other clinics are asked, and those that missed it once more.
my-next-extend-label = Let it go on
past-title = All my requests
past-lead = Those that are over stay here to read.
past-all = All requests
past-link-text = Also those that are over
past-new = New request
past-none = No request yet
past-none-text = Tell us once what you wish for, and clinics answer with their offers.
past-clinics = { $count ->
    [one] 1 clinic
   *[other] { $count } clinics
}

## Lists of quotes.
qs-all = Every state
qs-archived = Put away
qs-dead = All that ended
qs-inquiry = Draft
qs-quote = On offer
qs-accepted = Accepted
qs-confirmed = Booked
qs-inprogress = In treatment
qs-aftercare = Aftercare
qs-completed = Completed
qs-rejected = Declined
qs-cancelled = Ended
qs-expired = Expired
qs-withdrawn = Withdrawn
qs-other-accepted = Another one was chosen
qs-inquiry-cancelled = Request cancelled
qs-draft-lapsed = Draft lapsed
qs-provider-withdrawal = Clinic stepped back
qs-booking-cancelled = Booking cancelled
qs-sort-down-created-at = Newest first
qs-sort-created-at = Oldest first
qs-sort-price = Lowest price first
qs-sort-down-price = Highest price first
qs-sort-expires-at = Ending soonest first
pl-title = Quotes
pl-lead = Everything your clinic has written, sent and booked.
pl-search = Search by code of the quote
pl-sort = Order
pl-count = { $count ->
    [one] 1 quote
   *[other] { $count } quotes
}
pl-col-quote = Quote
pl-asked = asked to step back
pl-none = No quotes yet
pl-none-text = Open a request and write your first one.
pq-tabs = Parts of this page
pq-tab-offer = Quote
pq-tab-patient = Patient
pq-tab-request = Request
pq-tab-history = Versions
pq-request-title = The request
pq-request-code = Code
pq-request-open = Read the whole request
pq-versions-none = Nothing was sent yet.
pq-by-clinic = by the clinic
pq-by-staff = by Hairline
pq-changes-count = { $count ->
    [one] one change
   *[other] { $count } changes
}
pq-change-what = What
pq-change-before = Before
pq-change-after = Now
pq-changed-expires-at = validity
offer-changed-expires-at = How long it is valid
pq-part-treatment = Treatment
pq-part-packages = Packages
pq-part-services = Services
pq-part-fees = Fees
pq-part-discount = Discount
pq-part-total = Total
pq-archived-text = Only Hairline's team can bring it back.
pq-archive-title = Put away
pq-archive-lead = It leaves your list and stays readable.
pq-archive-live = It is on offer: it is withdrawn first and the patient is told.
pq-archive-open = Put this quote away
pq-archive-send = Put away
pq-leave-title = Step back
pq-leave-lead = The patient has accepted. If you cannot keep the offer, tell us at once.
pq-leave-open = Ask to step back
pq-leave-text = Nothing can be paid and the appointment stays held until Hairline's team has decided. The patient is told, without your reason.
pq-leave-reason = Why?
pq-leave-reason-hint = For Hairline's team only, 3 to 500 characters.
pq-leave-send = Send to Hairline
pq-leave-asked = You asked to step back
pq-leave-asked-text = Hairline's team decides. Until then nothing can be paid.
done-pq-archived = The quote is put away.
done-pq-asked-to-leave = Hairline's team has your wish and decides soon.
aq-title = Quotes
aq-lead = All quotes by their requests.
aq-search = Code or name of the patient
aq-count = { $count ->
    [one] 1 request
   *[other] { $count } requests
}
aq-none = No quotes yet
aq-none-text = As soon as a clinic writes one, it is here.
aq-submitted = Sent
aq-accepted = Accepted
aq-hold = Held until
aq-lapses = Holds that ended unpaid
aq-commission = Hairline's commission
aq-edit-title = Change this quote
aq-edit-text = The patient and the clinic are told what changed. Totals are computed anew.
aq-price = Price of the treatment on that day
aq-slot-date = Day of the appointment
aq-slot-time = Time at the clinic
aq-hours = Valid for, in hours
aq-hours-hint = From the moment it was sent. 1 to 720.
aq-restore-title = Bring it back
aq-restore-text = An offer is valid anew, a draft goes back to the clinic. Not possible once another offer was accepted or the appointment is taken.
aq-restore = Bring back
done-quote-edit = The quote is changed and both sides are told.
done-quote-restore = The quote is back.
done-quote-resolve = It is decided and both sides are told.
aa-title = Acceptances
aa-lead = What patients accepted and what became of it.
aa-all = Every state
aa-state-active = Stands
aa-state-lapsed = Hold ended unpaid
aa-state-superseded = Ended by a cancellation
aa-none = Nothing was accepted yet.
aa-accepted = Accepted
aa-held = Held until
aw-title = Clinics that want to step back
aw-lead = The oldest wish first. Nothing is paid and no hold ends until you decide.
aw-badge = wants to step back
aw-none = Nobody wants to step back
aw-none-text = A clinic that cannot keep an accepted offer appears here.
aw-one-title = The clinic wants to step back
aw-one-asked = Asked
aw-one-text = Granted, the offer ends and the case is open again. Refused, it stands and the patient gets the lost time back.
aw-refuse = The offer stands
aw-grant = Let the clinic go
nav-quotes = Quotes
nav-withdrawals = Stepping back

cases-clinics = Clinics
cases-from-country = Patients of every country
cases-at-country = Clinics of every country
cases-any-payment = Any payment
cases-paid-yes = Paid in part or whole
cases-paid-no = Nothing paid
cases-open = Not put away
cases-archived = Put away
cases-sent-from = Sent from
cases-sent-to = to
pq-filter-age-from = Age from
pq-filter-age-to = to
pq-filter-from = Can come from
pq-filter-to = to
pq-archive-draft = Put this draft away
aq-net = The clinic receives
cm-extend-country-none = No other country
offer-from = Appointment from
offer-to = to
