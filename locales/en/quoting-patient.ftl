# A patient's offers.

offer-list-title = Your offers
offer-list-lead = Compare in peace. Nothing is booked until you choose one and pay the deposit.
offer-back-case = My case
offer-back-offer = Back to the offer
offer-sort = Order
offer-sort-price = Lowest price first
offer-sort-dearest = Highest price first
offer-sort-grafts = Most grafts first
offer-sort-newest = Newest first
offer-none-title = No offer yet
offer-none-text = We tell you as soon as the first one does.
offer-unrated = No reviews yet
offer-per-graft-short = { $price } a graft
offer-treatment = Treatment
offer-grafts = Grafts
offer-when = Date
offer-zone = Time zone
offer-clinician = Clinician
offer-until = Valid until
offer-total = Total
offer-per-graft = Price a graft
offer-rating = Rating
offer-currencies = These offers are in different currencies, so no price is marked as the lowest.
offer-details = Details
offer-choose = Choose
offer-choice = Your choice
offer-compare = Compare the ticked ones
offer-compare-this = Compare
offer-compare-title = Side by side
offer-compare-lead = The best value of a line is marked, where values can be compared.
offer-about-clinic = About the clinic
offer-what = What is offered
offer-included = Included
offer-includes-flight = Flight
offer-includes-hotel = Hotel
offer-includes-transport = Transfer
offer-days = Day by day
offer-note = A word from the clinic
offer-price = Price
offer-sum-treatment = Treatment
offer-sum-discount = Discount
offer-to-booking = To my booking
offer-decline = Decline this offer
offer-decline-text = The clinic is told. You cannot take this offer afterwards.
offer-state-inquiry = In preparation
offer-state-quote = Open
offer-state-accepted = Accepted
offer-state-confirmed = Booked
offer-state-inprogress = In treatment
offer-state-aftercare = Aftercare
offer-state-completed = Completed
offer-state-rejected = Declined
offer-state-cancelled = Closed
offer-reason-expired = It ran out.
offer-reason-withdrawn = The clinic took it back.
offer-reason-other-accepted = You chose another one.
offer-reason-inquiry-cancelled = The request was cancelled.
offer-reason-draft-lapsed = It was never sent.
offer-reason-provider-withdrawal = The clinic withdrew.
offer-reason-booking-cancelled = The booking was cancelled.
offer-accept-title = Choose this offer
offer-next = What happens next
offer-next-1 = Your date is held for { $hours } hours
offer-next-1-text = Nobody else can take it meanwhile. The other offers are closed.
offer-next-2 = You pay the deposit of { $amount }
offer-next-2-text = { $percent } % of the total, by card. It confirms your booking.
offer-next-3 = The clinic learns your name
offer-next-3-text = From then on you can plan the trip together. The rest is due { $days } days before the treatment.
offer-terms = I accept the terms and the cancellation policy.
offer-accept = Choose for { $amount }
offer-accept-note = You pay nothing on this page.
offer-closed-title = This offer is closed
offer-closed-text = It ran out or was taken back. Look at your other offers.
offer-sort-date = Earliest date first
offer-sort-rating = Best rated first
offer-reviews = { $count ->
    [one] 1 review
   *[other] { $count } reviews
}
offer-waiting = { $count ->
    [one] One more clinic can still answer,
   *[other] { $count } more clinics can still answer,
}
offer-waiting-until = the last one until:
offer-none-over = No clinic is left that could answer. On the page of your case you see what you can do now.
offer-pick-again = Tick two or three offers to compare.
offer-technique = Technique
offer-technique-fue = FUE
offer-technique-fut = FUT
offer-technique-dhi = DHI
offer-technique-sapphire-fue = Sapphire FUE
offer-technique-robotic = Robotic
offer-technique-other = Another technique
offer-length = Length
offer-day-count = { $count ->
    [one] 1 day
   *[other] { $count } days
}
offer-day-number = Day { $number }
offer-best-price = lowest
offer-best-date = soonest
offer-best-rating = best rated
offer-who = Who treats you
offer-package = Package
offer-package-terms = Terms of the package
offer-sum-list = Before the discount
offer-fx = The price is in { $currency }. If you pay in another currency, its rate is fixed for you when you choose this offer.
offer-paying = How you pay
offer-paying-deposit = { $percent } % as a deposit when you choose.
offer-paying-balance = The rest is due { $days } days before the treatment.
offer-revised = The clinic changed this offer
offer-revised-total = The price was { $before }.
offer-revised-now = Now it is { $total }.
offer-changed-treatment = Treatment
offer-changed-grafts = Number of grafts
offer-changed-dates = Possible dates
offer-changed-packages = Packages
offer-changed-services = Services
offer-changed-fees = Fees
offer-changed-inclusions = What is included
offer-changed-clinician = Who treats you
offer-changed-clinician-note = The note about who treats you
offer-changed-slot = Appointment
offer-changed-plan = Plan of the days
offer-changed-included-services = Travel
offer-changed-note = The word from the clinic
offer-changed-price = Parts of the price
offer-state-ended = Ended
offer-tiers = If you have to cancel
offer-tiers-more = Read the whole cancellation policy
offer-tier-until = Until { $day }
offer-tier-days = { $days } days before or earlier
offer-tier-later = After that
offer-tier-back = { $percent } % of what you paid
offer-tier-nothing = No refund
error-compare_count = Choose two or three offers.
error-compare_mixed = These offers belong to different requests.

cancel-title = Cancel my request
cancel-lead = Open offers are closed and clinics are told. They do not learn why.
cancel-why = Why do you cancel?
cancel-notes = Anything you would like to add
cancel-submit = Cancel the request
cancel-reason-changed-my-mind = I changed my mind
cancel-reason-better-option = I found a better option elsewhere
cancel-reason-medical-concerns = Medical concerns
cancel-reason-financial-reasons = Financial reasons
cancel-reason-travel-restrictions = Travel restrictions
cancel-reason-timeline = The dates do not work
cancel-reason-other = Something else
done-offer-accepted = Your date is held. Now pay the deposit.
done-offer-declined = The offer is declined.
error-quote_changed = The clinic changed this offer meanwhile. Please read it again before you choose.
offer-estimate = In your currency, estimated
offer-estimate-short = About { $amount } today, an estimate in your currency
offer-estimate-note = The figure in your currency is an estimate at today's rate.
offer-decline-why = Why does it not suit you?
offer-decline-why-hint = If you like to say. We read it to do better; the clinic does not see it.
error-decline_reason_length = Please write at most 500 characters.
offer-dates = Dates and prices
offer-dates-note = The price is for the treatment alone. The total is for the day of your appointment; for another day, write to us before you choose.
offer-dates-count = { $count ->
    [one] 1 date with its price
   *[other] { $count } dates with their prices
}
offer-date-chosen = your appointment
offer-credentials = Experience
offer-clinic-years = { $years ->
    [one] 1 year of experience
   *[other] { $years } years of experience
}
offer-ran-out = Expired on { $when }
offer-decline-short = Decline
offer-support = Contact support
cancel-impact = { $count ->
    [one] 1 offer will be cancelled
   *[other] { $count } offers will be cancelled
}
cancel-impact-text = This cannot be undone. You can start a new request at any time.
cancel-feedback = What could we do better?
cancel-feedback-hint = Only if you like. We read it; clinics do not see it.
cancel-done-title = Your request is cancelled
cancel-done-lead = The clinics are told. They do not learn why.
cancel-done-code = Reference
cancel-done-at = Cancelled
cancel-done-offers = Offers
cancel-done-count = { $count ->
    [0] No offer was open
    [one] 1 offer was cancelled
   *[other] { $count } offers were cancelled
}
cancel-done-new = Start a new request
