# The first pages of patients and clinics, and a patient's case.

my-title = Your journey
my-lead = Where you stand and what comes next.
my-next = Your next step
my-ends = Ends:
my-kept = Kept until:
my-answers-until = Last answers:
my-soon = soon

my-next-start-title = Ask the clinics of your choice
my-next-start-text = Five photos and a short questionnaire. Clinics see a code, not your name, and answer with a price and a date.
my-next-start-label = Start your request
my-next-continue-title = Finish your request
my-next-continue-text = Everything you entered is saved. Go on where you stopped.
my-next-continue-label = Continue
my-next-wait-title = Clinics are reading your request
my-next-wait-text = There is nothing to do for you now. We write to you as soon as an offer arrives.
my-next-wait-label = See your request
my-next-no-answers-title = No offer has arrived
my-next-no-answers-text = The time for answers is over. You can give clinics more time, or choose others.
my-next-no-answers-label = Look at your choices
my-next-look-title = Your first offer is here
my-next-look-text = Read it in peace. You can ask the clinic anything before you decide.
my-next-look-label = Read the offer
my-next-compare-title = Compare your offers
my-next-compare-text = { $count ->
    [one] { $count } clinic has answered. See price, date and surgeon.
   *[other] { $count } clinics have answered. See price, date and surgeon side by side.
}
my-next-compare-label = Compare
my-next-pay-title = Your date is held for you
my-next-pay-text = Pay the deposit to make it yours. After that nobody else can take it.
my-next-pay-label = Pay now
my-next-balance-title = Pay the rest
my-next-balance-text = { $money } is left, due on { $date }.
my-next-balance-label = Pay now
my-next-balance-late-title = Your payment is late
my-next-balance-late-text = { $money } was due on { $date }. Please pay it so that your date stays safe.
my-next-balance-late-label = Pay now
my-next-prepare-title = All is paid. Prepare for your journey
my-next-prepare-text = Your treatment is on { $date }. Flights, hotel and what to bring are in your booking.
my-next-prepare-soon = Flights, hotel and what to bring are in your booking.
my-next-prepare-label = See your booking
my-next-arrive-title = It is the day
my-next-arrive-text = Your clinic is expecting you. The address and the time are in your booking.
my-next-arrive-label = Where to go
my-next-treatment-title = You are in good hands
my-next-treatment-text = Your treatment is under way. What the clinic notes for you appears in your booking.
my-next-treatment-label = See your treatment
my-next-tasks-title = Your recovery today
my-next-tasks-text = { $count ->
    [one] { $count } small task is waiting. It takes a few minutes.
   *[other] { $count } small tasks are waiting. They take a few minutes.
}
my-next-tasks-label = Do it now
my-next-tasks-late-title = Catch up on your recovery
my-next-tasks-late-text = { $count ->
    [one] { $count } task is late. Your team would like to see how you are.
   *[other] { $count } tasks are late. Your team would like to see how you are.
}
my-next-tasks-late-label = Catch up now
my-next-recover-title = You are recovering well
my-next-recover-text = Nothing to do today. Your next task is on { $date }.
my-next-recover-quiet = Nothing to do today. Your plan shows what matters now.
my-next-recover-label = See your plan
my-next-review-title = How was it?
my-next-review-text = Your result shows by now. A few honest words help others to choose.
my-next-review-label = Write a review
my-next-done-title = All done
my-next-done-text = Thank you for taking us along. Your plan, pictures and papers stay here for you.
my-next-done-label = Look back
my-next-again-title = Shall we try again?
my-next-again-text = Your last request came to an end. You can send a new one at any time.
my-next-again-label = Start a new request

my-stage-inquiry = Request sent
my-stage-quote = Offers
my-stage-accepted = Date held
my-stage-confirmed = Booked
my-stage-inprogress = Treatment
my-stage-aftercare = Recovery
my-stage-completed = Done
my-stage-cancelled = Cancelled
my-stage-expired = Ended

my-pipeline = The stages of your journey
my-case = Your case
my-open-case = Open your case
my-request-code = Request { $code }
my-earlier = Earlier requests
my-unread = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
my-unread-text = Somebody has written to you.
my-answers = Answers
my-answers-of = { $answered } of { $asked } clinics
my-offers-open = Open offers
my-clinic = Clinic
my-appointment = Appointment
my-total = Total
my-paid = Paid
my-due = Still to pay
my-due-on = Due on
my-plan-progress = Recovery
my-plan-waiting = { $count ->
    [one] { $count } task is waiting.
   *[other] { $count } tasks are waiting.
}
my-plan-next = Next task on { $date }.
my-plan-nothing = Nothing is waiting.
my-plan-open = Open your plan
my-how = How it works
my-how-ask = Ask once
my-how-ask-text = A few questions and five photos. It takes about ten minutes.
my-how-compare = Compare
my-how-compare-text = Every offer has a total, a surgeon and a date.
my-how-travel = Travel and recover
my-how-travel-text = One plan for your journey, and a year of guidance after it.
my-how-clinics = See the clinics

my-booking = Your booking
my-booking-open = Open the booking
my-offers = Offers
my-offers-compare = Compare
my-offers-none = No offers yet
my-offers-none-text = As soon as a clinic answers, its offer is listed here.
my-grafts = { $count ->
    [one] { $count } graft
   *[other] { $count } grafts
}
my-offer-open = Open
my-offer-ended = Ended
my-offer-chosen = Chosen
my-offer-rejected = Declined
my-offer-cancelled = Closed
my-links = More about this case
my-link-messages-text = Write to your clinic
my-timeline = What happened so far

my-event-inquiry-created = You sent your request
my-event-inquiry-distributed = Your request reached the clinics
my-event-inquiry-updated = You changed your request
my-event-inquiry-cancelled = The request was cancelled
my-event-inquiry-expired = The request ended without an offer
my-event-medical-answers-revised = You updated your medical answers
my-event-quote-submitted = An offer arrived
my-event-quote-updated = An offer changed
my-event-quote-expired = An offer ended
my-event-quote-withdrawn = An offer was withdrawn
my-event-quote-rejected = You declined an offer
my-event-quote-accepted = You accepted an offer
my-event-quote-cancelled = An offer was closed
my-event-conversation-opened = You can write to the clinic now
my-event-payment-received = Your payment arrived
my-event-payment-failed = A payment did not go through
my-event-payment-refunded = A refund is on its way
my-event-booking-confirmed = Your booking is confirmed
my-event-booking-cancelled = Your booking was cancelled
my-event-booking-rescheduled = Your booking has another date
my-event-case-completed = Your case is complete
my-event-hold-lapsed = Your date was given back
my-event-identity-revealed = The clinic can see your name now
my-event-treatment-started = Your treatment began
my-event-treatment-completed = Your treatment is complete
my-event-aftercare-started = Your recovery plan began
my-event-aftercare-completed = Your recovery plan is complete
my-event-review-submitted = You wrote a review
my-event-review-published = Your review is public
my-event-review-removed = Your review was taken off

desk-title = Your day
tour-title = Your first steps
tour-lead = A short look around. Come back to it as often as you like.
tour-inquiries = Answer patients
tour-inquiries-text = New requests wait here, with the time you have to answer each.
tour-calendar = See who comes when
tour-calendar-text = Every visit on the days it is planned for.
tour-aftercare = Look after your patients
tour-aftercare-text = Their scans and answers after the treatment, and who needs you now.
tour-profile = Show your clinic
tour-profile-text = What patients read before they choose.
tour-team = Bring your colleagues
tour-team-text = Invite them and decide what each may do.
tour-account = Keep your account safe
tour-account-text = Your authenticator app, your password, and where you are signed in.
tour-finish = I know my way
done-tour-finished = Good. You find everything in the menu.
desk-lead = What needs an answer, and by when.
desk-figures = Figures
desk-to-answer = To answer
desk-to-answer-note = requests without an offer
desk-offers = Open offers
desk-offers-note = patients are deciding
desk-held = Held dates
desk-held-note = wait for the first payment
desk-visits = Visits
desk-visits-note = today and the next 7 days
desk-urgent = Urgent recovery
desk-urgent-note = patients who need a look
desk-messages = Messages
desk-messages-note = not read yet
desk-rate = Accepted
desk-rate-note = of all offers, 12 months
desk-waiting = Needs an answer
desk-waiting-none = Everything is answered
desk-waiting-none-text = New requests and offers that end soon appear here.
desk-more = { $count ->
    [one] { $count } more
   *[other] { $count } more
}
desk-answer = Request to answer
desk-offer-ends = Offer ends soon
desk-clinical = A patient reported a problem
desk-overdue = Recovery tasks are late
desk-urgent-now = Urgent
desk-late = Late
desk-today = Within a day
desk-new = New
desk-running = In treatment
desk-check-in = Check-in today
desk-not-arrived = Not checked in
desk-visits-today = Today
desk-visits-week = Next days
desk-visits-none = Nobody today
desk-visits-none-text = Check-ins and treatments of the day appear here.
desk-chart = The last twelve months
desk-chart-inquiries = Requests
desk-chart-quotes = Offers
desk-chart-bookings = Bookings
my-event-booking-reduced = Your booking costs less now
