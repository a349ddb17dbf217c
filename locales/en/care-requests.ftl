## Aftercare that is bought on its own

buy-title = Aftercare for a treatment done elsewhere
buy-lead = A clinic of ours follows your recovery: it looks at your pictures, answers your questions and sees early when something is wrong.
buy-months =
    { $count ->
        [one] { $count } month
       *[other] { $count } months
    }
buy-choose = What you buy
buy-price-monthly = { $name }: { $amount } a month
buy-price-monthly-hint = { $count } payments from the same card, { $total } altogether. You can stop at any time; it ends with the month you have paid.
buy-price-fixed = { $name }: { $amount } once
buy-price-fixed-hint = One payment for the whole time.
buy-treatment = Your treatment
buy-clinic = Clinic of the treatment
buy-date = Day of the treatment
buy-method = Method
buy-method-choose = Choose the method
buy-grafts = Grafts
buy-grafts-hint = If you know how many; leave it empty otherwise.
buy-concerns = What worries you now
buy-concerns-hint = Only the clinic that looks after you reads this.
buy-terms = I have read and accept the terms.
buy-total = Price altogether
buy-submit = Go on to payment
buy-next = The next page shows your request; you pay there by card.
buy-none-title = Nothing is on sale at the moment
buy-none-text = Please look again later, or write to us.
buy-open-title = You have a request that is not decided yet
buy-open-text = Finish it, or stop it there, before you make another one.
buy-open-action = Go to your request
buy-offer-title = Treated somewhere else?
buy-offer-text = You can have your recovery followed by one of our clinics, for six or twelve months.
buy-offer-action = See what it costs
buy-own = Your bought aftercare

careq-unpaid = Not paid yet
careq-waits = Waits for a clinic
careq-assigned = Given to a clinic
careq-active = Running
careq-ended = Ended
careq-state-pending = Pending
careq-state-assigned = Given to a clinic
careq-state-activated = Running
careq-state-rejected = Ended
careq-fixed = paid once
careq-monthly = paid monthly
careq-unpaid-title = One step is left: your payment
careq-unpaid-text = Your request is kept for two days. It goes to a clinic once you have paid.
careq-waits-title = Thank you, your payment arrived
careq-waits-text = We are choosing a clinic for you. That takes a week at most; if we find none, you get everything back.
careq-assigned-title = { $clinic } will look after you
careq-assigned-text = The clinic sets up your plan now. You will hear from us when it begins.
careq-active-title = Your aftercare is running
careq-active-text = Your plan tells you what to do and when.
careq-owes-title = A payment is open
careq-owes-text = Please pay it, so that your aftercare can go on.
careq-expired-title = This request ended because it was not paid
careq-expired-text = Nothing was charged. You can make a new one at any time.
careq-stopped-title = You stopped this request
careq-stopped-text = Whatever you had paid goes back to your card.
careq-rejected-title = We could not take this request
careq-rejected-text = { $reason } What you paid goes back to your card.
careq-untaken-title = We found no clinic for you
careq-untaken-text = We are sorry. Everything you paid goes back to your card.
careq-due = To be paid now
careq-refused = Your bank refused the last try. Pay with the same card or with another one; it is charged once.
careq-accept = I agree that the following months are charged to this card.
careq-pay = Pay { $amount }
careq-stop = Stop
careq-stop-all = Your aftercare has not begun. If you stop now, you get back everything you paid.
careq-stop-month = Nothing more is charged after this. Your aftercare goes on until the end of the month that has begun; months you have paid and not begun go back to your card.
careq-to-plan = Go to your plan
careq-to-case = Open the case
careq-treatment = The treatment
careq-decide = What is to be done
careq-give = Clinic
careq-give-do = Give it to this clinic
careq-cases =
    { $count ->
        [one] { $count } running case
       *[other] { $count } running cases
    }
careq-said-no = declined before
careq-begin = Begin the plan
careq-begin-title = This patient waits for you
careq-begin-text = The plan begins today. The patient hears of it at once.
careq-decline = Decline
careq-hold = A clinic was asked: stop the clock
careq-unhold = Let the clock run again
careq-reject = Refuse this request
careq-reject-text = Everything that was paid goes back at once.
careq-nothing = Nothing is to be decided.

charge-month = Month { $number } of { $of }
charge-whole = The whole time
charge-refund = Refund
charge-due = Due
charge-planned = Planned
charge-paid = Paid
charge-refused = Refused
charge-cancelled = Not charged
charge-refunded = Given back
charge-returned = Returned
charge-on-its-way = On its way
charge-again = we try again on { $day }
charge-pay-now = please pay it here
charge-give-back = Give money back
charge-most = At most { $amount } today.
charge-sum = Amount
charge-sum-again = The amount once more (needed above 1,000 US dollars)

requests-title = Bought aftercare
requests-lead = Paid requests that wait are on top, the oldest first. After a week without a clinic they go back to the patient.
requests-any = Any state
requests-what = What was bought
requests-since = Since
requests-clinic = Clinic
requests-none-title = Nobody has bought aftercare yet
requests-none-text = Requests appear here as soon as a patient makes one.
requests-clinic-lead = Patients Hairline has asked you to look after.
requests-clinic-none-title = Nothing is waiting for you
requests-clinic-none-text = When Hairline gives you a patient who bought aftercare, you find them here.

offerings-title = What is sold
offerings-lead = Prices are charged exactly as they stand here. New prices of what is on sale wait for a second Super Admin; requests that were made keep theirs.
offerings-none-title = No plans yet
offerings-none-text = The plans that come with the program are here after its next start.
offering-on = On sale
offering-off = Not on sale
offering-edit = Change
offering-sold = Patients can buy it
offering-text = What patients read about it
offering-how = How it is sold
offering-model-both = Monthly or once
offering-model-monthly-subscription = Monthly
offering-model-fixed = Once
offering-prices = Prices
offering-price-monthly = { $currency } a month
offering-price-fixed = { $currency } once
offering-monthly = { $amount } a month
offering-fixed = { $amount } once
offering-waits-title = New prices wait
offering-waits-text = Another Super Admin has to look at them.
offering-approve = Put them in force

done-aftercare-stopped = It is stopped.
done-aftercare-assigned = The clinic is told.
done-aftercare-rejected = The request is refused; the money goes back.
done-aftercare-begun = The plan has begun.
done-aftercare-refunded = The refund is on its way.
done-aftercare-declined = Hairline looks for another clinic.
done-prices-wait = Saved. The new prices wait for a second Super Admin.

error-nothing_waits = No prices wait here.
error-second_admin_required = Another Super Admin has to look at these prices.
error-request_final = This request is decided already.
error-price_not_available = It is not sold like this in this currency. Choose again.
error-request_open = You have a request that is not decided yet. Finish it, or stop it first.
error-aftercare_exists = This plan has begun already.
error-request_not_assigned = Give the request to a clinic first.
error-request_not_paid = The first payment has not arrived yet.
error-payment_required = The first payment has not arrived yet.
error-nothing_to_cancel = There is no subscription that runs.
