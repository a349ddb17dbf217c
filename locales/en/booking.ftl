# What was booked, calendar.

booking-lead = Held and confirmed dates, what is paid and what follows.
booking-search = Booking, quote or patient code
booking-all = All states
booking-all-payments = Paid or not
booking-patient = Patient
booking-treatment = Treatment
booking-day = Day
booking-status = State
booking-held = Held until
booking-held-short = Held
booking-none-title = No booking yet
booking-none-text = When a patient accepts one of your quotes, it is here.
booking-state-accepted = Waits for payment
booking-state-confirmed = Confirmed
booking-state-inprogress = In treatment
booking-state-aftercare = Aftercare
booking-state-completed = Completed
booking-state-cancelled = Cancelled
booking-patient-code = Patient { $code }
booking-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
booking-payment = Payment
booking-paid = paid
booking-due = outstanding
booking-paid-all = Paid
booking-paid-part = Outstanding
booking-paid-nothing = Not paid yet
booking-everybody = Everybody
booking-appointments = { $count ->
    [one] 1 appointment
   *[other] { $count } appointments
}
booking-calendar-lead = Yellow dates are held until the patient has paid.
booking-months = Months
booking-month = Month
booking-week = Week
booking-today = Today
booking-this-month = In these weeks
booking-this-week = In this week
booking-free-title = No appointments
booking-free-text = Accepted quotes appear on their day.
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
