## Earnings, payouts and bank details of clinics; statements for staff

nav-earnings = Earnings
nav-payouts = Payouts
nav-bank-details = Bank details

earnings-lead = What your treatments bring, after Hairline's commission.
earnings-pending = Earned and not paid yet
earnings-pending-none = Nothing
earnings-next = Next payout
earnings-none = No earnings yet
earnings-none-text = A treatment stands here once it is finished.
earnings-treatment = Treatment
earnings-net = For you
earnings-refunded = { $amount } of it given back
care-earnings-title = Aftercare bought on its own
care-earnings-lead = What each charge brings. Your share is earned after the last day it pays for.
care-earnings-none = No charges yet
care-earnings-none-text = A charge stands here once the aftercare it pays for has begun.
care-earnings-service = Aftercare
earnings-state-running = Still running
earnings-state-pending = Not paid yet
earnings-state-processing = On its way
earnings-state-paid = Paid

payouts-lead = What we sent to your account, the newest first.
payouts-all = All payouts
payouts-none = No payouts yet
payouts-none-text = Payouts appear after your first completed treatment.
payout-csv = Download as CSV
payout-status = State
payout-line = Line
payout-lines = What it consists of
payout-counts = Counts
payout-gross = Gross
payout-commission = Commission
payout-adjustment = Deductions
payout-net = Paid out
payout-sums = Sums
payout-date = Payout day
payout-paid-at = Paid
payout-account = Account
payout-reference = Statement
payout-period = Period
payout-line-deduction = Share of a refund:
payout-line-carried = Rest of a refund:
payout-line-manual = Adjustment:
payout-line-left = { $amount } is left for the next payout.
payout-late-title = This payout is delayed
payout-late-text = Your bank did not take the transfer. We are looking after it; please check your bank details.
payout-state-processing = On its way
payout-state-paid = Paid
payout-state-failed = Delayed
paper-payout-invoice = Payout invoice

bank-lead = Where we send what your clinic has earned. Only you see and change this.
bank-now = Your account
bank-none-title = No account yet
bank-none-text = We can pay you once you have given one.
bank-give = Give an account
bank-replace = Replace the account
bank-replace-text = For your safety the number is never shown again, and a new account is paid to only after some hours.
bank-holder = Account holder
bank-holder-hint = As your bank knows it
bank-bank = Bank
bank-country = Country of the bank
bank-country-hint = Two letters, such as DE
bank-currency = Currency
bank-currency-hint = Three letters, such as EUR
bank-iban = IBAN
bank-iban-hint = Leave it empty if your bank has none
bank-swift = BIC (SWIFT)
bank-other = My account has no IBAN
bank-number = Account number
bank-routing = Routing number
bank-routing-hint = Nine digits, in the United States
bank-connected = Account at Stripe
bank-connected-hint = acct_…, as Hairline sent it to you. Payouts go there.
bank-save = Save the account
bank-usable = Paid to from
bank-state-pending = Waits
bank-state-active = In use
bank-state-invalid = Does not work
done-bank-saved = The account is saved.

bills-lead = Statements of clinics: approved before their payout day, paid on it.
bills-open = All that is open
bills-all = Everything
bills-none = Nothing is waiting
bills-none-text = Statements are built some days before their payout.
bills-due = payout
bills-section-overdue = Overdue
bills-section-failed = Failed
bills-section-upcoming = Upcoming
bills-section-paid = Paid
bills-section-voided = Dropped
bills-count =
    { $count ->
        [one] { $count } statement
       *[other] { $count } statements
    }
bills-approve-chosen = Approve the chosen ones
bills-approved =
    { $count ->
        [0] Nothing was approved
        [one] { $count } statement approved
       *[other] { $count } statements approved
    }
bills-not-approved = Not approved:

bill-state-pending-approval = Waits for approval
bill-state-approved = Approved
bill-state-overdue = Overdue
bill-state-processing = On its way
bill-state-paid = Paid
bill-state-failed = Failed
bill-state-voided = Dropped
bill-block-no-account = The clinic has given no bank details.
bill-block-account-invalid = The clinic's account does not work.
bill-block-not-connected = The clinic has named no account at the gateway.
bill-block-currency-differs = The clinic's account is in another currency. Drop the statement: it is built anew.
bill-block-cooling-off = The account was replaced a short while ago.
bill-block-shared-account = Another payee has the same account.
bill-block-above-average = This is more than twice what the clinic usually gets.
bill-block-lines-differ = The lines do not add up to the statement. Drop it: it is built anew.
bill-blocked = This statement cannot be paid as it is
bill-timeline = What happened
bill-built = Built
bill-was-approved = Approved
bill-sent = Sent to the bank
bill-failed = Refused by the bank
bill-failure-account-closed = The account is closed.
bill-failure-bank-refused = The bank gave no reason.
bill-failure-amount-too-small = The amount is too small.
bill-paid = Paid
bill-voided = Dropped
bill-notes = Notes
bill-note = Note
bill-note-hint = Up to 500 characters. The clinic never sees it.
bill-note-add = Add the note
bill-no-account = None
bill-invoice = Payout invoice
bill-approve = Approve
bill-review = Why is it right?
bill-unapprove = Take the approval back
bill-void = Drop the statement
bill-void-text = What stands on it goes onto the next one.
bill-retry = Send it again
bill-retry-text = The money goes to the account that is in force now.
bill-clear = The shared account is right
bill-clear-text = Every payee with this account can be paid again.
done-bill-approved = The statement is approved.
done-bill-unapproved = The approval is taken back.
done-bill-voided = The statement is dropped.
done-bill-retried = It is sent once more.
done-bill-noted = The note is added.
done-account-cleared = The account is cleared.

error-bill_not_ready = This statement cannot be paid as it is.
error-not_shared = Nobody else has this account.
error-refund_not_allowed = No policy asks for this refund.
error-count_out_of_range = Choose 1 to 100 statements.
field-holder_invalid = Letters, digits, spaces and . , ' & - only.
field-country_invalid = Give the country as two letters.
field-country_differs = The IBAN belongs to another country.
field-routing_invalid = Nine digits, as the bank gives them.
field-connected_account_invalid = This is no account at Stripe: it begins with acct_.
field-bank_code_missing = Give the BIC, or the routing number.
field-one_number = Give one number: the IBAN, or that of the account.
field-account_missing = Give the IBAN, or the number of the account.
field-account_invalid = 4 to 34 letters and digits.
field-currency_not_supported = We cannot pay out in this currency.

setting-group-payout = Payouts to clinics
setting-payout-buffer-days = Days before the payout on which statements are built
setting-payout-bank-cool-off-hours = Hours until a replaced account is paid to

notify-payout-statements-ready-title = Statements wait for approval
notify-payout-statements-ready-body = Please look at them before their payout day.
notify-payout-overdue-title = Payouts are overdue
notify-payout-overdue-body = Nobody approved these statements in time.
notify-payout-provider-processed-title = Your payout has arrived
notify-payout-provider-processed-body = You find the statement and its invoice under Payouts.
notify-payout-failed-title = A payout did not arrive
notify-payout-failed-body = The bank refused the transfer. Please check the bank details.
notify-payout-bank-details-changed-title = Your bank details were changed
notify-payout-bank-details-changed-body = If that was not you, please write to us at once.
nav-reconciliation = Reconciliation
recon-lead = What the payment gateways list, against our own rows. Nothing is corrected here: each difference is looked into and closed with a note.
recon-csv = Download as CSV
recon-open-ones = Open ones
recon-all-classes = All kinds
recon-items = Differences
recon-none = Nothing differs
recon-none-text = Every entry of the gateways has its row, and the books add up.
recon-close = Close with a note
recon-note = What it was, and what was done
recon-note-hint = 20 to 500 characters. It stays with the item and in the audit log.
recon-expected = Our rows
recon-found = Gateway
recon-start = Compare some days
recon-start-text = Yesterday is compared every night at 02:00 UTC. Other days can be compared at any time, up to 31 at once.
recon-from = First day
recon-to = Last day
recon-start-button = Compare
recon-runs = Runs
recon-runs-none = No run yet
recon-runs-none-text = The first one comes tonight.
recon-matched = { $count ->
    [one] one entry fits
   *[other] { $count } entries fit
}
recon-trigger-daily = Every night
recon-trigger-manual = Started by staff
recon-run-running = Running
recon-run-done = Done
recon-run-failed = Failed
recon-state-open = Open
recon-state-closed = Closed
recon-class-matched = Fits
recon-class-missing-local = The gateway knows money we do not
recon-class-missing-remote = We know money the gateway does not
recon-class-amount-mismatch = The amounts differ
recon-class-status-mismatch = One says paid, the other does not
recon-class-duplicate-remote = Taken twice for one payment
recon-class-stale-pending = Open for more than a day
recon-class-invariant = The books do not add up
recon-currency = Currency
recon-charged = Charged
recon-refunded = Refunded
recon-fees = Fees
recon-net = Net
recon-paid-out = Paid out
recon-held = Held now
done-recon-started = The comparison runs. It stands below when it is done.
done-recon-closed = The difference is closed.
field-date_invalid = Give a day.
field-in_future = Choose days that have been.

# What came in, went out and is owed.
revenue-title = Revenue
revenue-lead = The last twelve months in one currency, from the ledger.
revenue-currency = Currency
revenue-received = Received
revenue-earned = Commissions and kept
revenue-paid-out = Paid to clinics
revenue-refunded = Refunded
revenue-outstanding = Outstanding
revenue-months = Money by months
revenue-countries = By country of the patients
revenue-treatments = By treatment
revenue-none = No money moved
revenue-none-text = In this currency nothing was paid in the last twelve months.

# What Hairline keeps of a booking.
commission-title = Commission
commission-versions = Versions
commission-lead = What Hairline keeps of a booking. New bookings only: what is confirmed keeps its own.
commission-platform = For all clinics
commission-planned-title = A change is planned
commission-planned = { $percent } from { $when }.
commission-percent = Share
commission-starts = From
commission-starts-hint = Empty: from now on. A day begins at midnight UTC.
commission-starts-clinic-hint = Empty: from today, on the clinic's calendar.
commission-reason-hint = 20 to 500 characters, kept with the change.
commission-example-price = Booking
commission-example-before = Kept today
commission-example-after = Kept then
commission-own = Clinics with terms of their own
commission-own-none = None yet
commission-own-none-text = Terms of a single clinic are set on its page.
commission-now = In force today
commission-is-own = Agreed with this clinic.
commission-is-platform = The rate for all clinics.
commission-paid = Paid { $cycle }, { $days ->
    [one] one day
   *[other] { $days } days
  } after the period ends.
commission-change = New terms
commission-kind = What is kept
commission-kind-platform = The rate for all clinics
commission-kind-percentage = A share of its own
commission-kind-flat = A fee for each booking
commission-fee = Fee
commission-cycle = The clinic is paid
commission-offset = Days from the end of a period to the payout
commission-per-booking = { $amount } a booking
commission-from = from { $day }
commission-none = Never anything of its own
commission-none-text = The rate for all clinics applies.
commission-standing-current = In force
commission-standing-planned = Planned
commission-standing-ended = Over
commission-standing-archived = Replaced
payment-cycle-weekly = weekly
payment-cycle-twice-monthly = twice a month
payment-cycle-monthly = monthly

# Where refunds by transfer go.
refund-account-title = Account for refunds
refund-account-lead = Where we send back what you paid by transfer. Cards get their money back by themselves.
refund-account-none = No account yet
refund-account-none-text = The patient is asked for one on the page of the booking.
refund-send-title = Send a refund
refund-send-text = It is sent once, whoever asks again, and recorded under the number the bank gives it.
refund-send-now = Send { $amount }
done-refund-transfer-sent = The refund is on its way.
error-bank_details_missing = The patient has not given an account yet.
error-bank_details_waiting = The patient replaced this account a short while ago. It is used from the time that is shown.
error-transfer_refused = The bank did not take it. Send it another way and record its number.
error-transfer_unknown = The bank has not answered yet. Ask again in a while.
refund-reaches-none = The payment gateway sends to no bank account
refund-reaches-none-text = Send the money back the way it came and record the number of that transfer.
own-terms-title = Your terms with Hairline
own-terms-lead = What Hairline keeps of a booking, and how you are paid.
own-terms-history = Before and after
