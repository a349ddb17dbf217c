notify-inquiry-distributed-title = New inquiry { $code }
notify-inquiry-distributed-body = { $other } is looking for an offer. Please answer before the deadline.
notify-inquiry-updated-title = Inquiry { $code } changed
notify-inquiry-updated-body = { $other } changed the inquiry.
notify-inquiry-unmatched-title = Inquiry { $code } has no clinic yet
notify-inquiry-unmatched-body = We are looking for a suitable clinic and will be back soon.
notify-inquiry-no-quotes-title = No offers for { $code } yet
notify-inquiry-no-quotes-body = The deadline has passed. You can extend it, add clinics or choose other countries.
notify-inquiry-provider-declined-title = A clinic declined { $code }
notify-inquiry-provider-declined-body = { $other } may need another clinic.
notify-inquiry-cancelled-title = Your request { $code } is cancelled
notify-inquiry-cancelled-body = { $reason ->
    [none] Nothing more will happen with it. You can send a new one at any time.
   *[other] Reason: { $reason }. Nothing more will happen with it. You can send a new one at any time.
}
notify-quote-submitted-title = You have an offer
notify-quote-submitted-body = { $other } has sent you an offer. Compare it and decide before it ends.
notify-quote-updated-title = Offer { $code } changed
notify-quote-updated-body = Please read the new version before you decide.
notify-quote-expiring-soon-title = Offer { $code } ends soon
notify-quote-expiring-soon-body = Only a few hours are left.
notify-quote-expired-title = Offer { $code } has ended
notify-quote-expired-body = It can no longer be accepted.
notify-quote-accepted-title = Offer { $code } is accepted
notify-quote-accepted-body = The appointment is held for 48 hours until the first payment.
notify-quote-declined-title = Offer { $code } was declined
notify-quote-declined-body = { $other } decided against it.
notify-quote-withdrawn-title = An offer was withdrawn
notify-quote-withdrawn-body = { $other } has withdrawn its offer.
notify-quote-cancelled-other-accepted-title = Offer { $code } is closed
notify-quote-cancelled-other-accepted-body = { $other } accepted another offer.
notify-quote-cancelled-inquiry-title = Inquiry cancelled by the patient
notify-quote-cancelled-inquiry-body = Offer { $code } is closed.
notify-booking-scheduled-title = Appointment held for { $code }
notify-booking-scheduled-body = It is confirmed with the first payment.
notify-booking-hold-expiring-title = Your appointment is held a little longer
notify-booking-hold-expiring-body = Pay the deposit to keep it.
notify-booking-hold-released-title = The appointment of { $code } is free again
notify-booking-hold-released-body = The first payment did not arrive in time.
notify-booking-confirmed-title = Booking { $code } is confirmed
notify-booking-confirmed-body = { $other } will be glad to see you through it. All details are in the portal.
notify-booking-cancelled-title = Booking { $code } is cancelled
notify-booking-cancelled-body = The details are in the portal.
notify-booking-rescheduled-title = Booking { $code } has another date
notify-booking-rescheduled-body = The new day and time are in the portal.
notify-payment-received-title = Payment received
notify-payment-received-body = A payment for { $code } has arrived.
notify-payment-failed-title = Your payment did not go through
notify-payment-failed-body = Nothing was charged. Please try again with another card.
notify-payment-refund-account-changed-title = The account for your refunds was changed
notify-payment-refund-account-changed-body = If that was not you, write to us at once and change your password.
notify-payment-refunded-title = Your refund is on its way
notify-payment-refunded-body = It is with your bank within a few days.
notify-treatment-started-title = Treatment has begun
notify-treatment-started-body = { $other }: check-in is done.
notify-treatment-completed-title = Treatment is completed
notify-treatment-completed-body = Your guided aftercare begins now.
notify-message-received-title = New message
notify-message-received-body = { $other } has written to you.
notify-conversation-flagged-title = A conversation needs a look
notify-conversation-flagged-body = A message was marked automatically.
notify-aftercare-activated-title = Your aftercare plan is ready
notify-aftercare-activated-body = The first tasks are waiting.
notify-aftercare-scan-due-title = Time for your pictures
notify-aftercare-scan-due-body = Please take the pictures of this step.
notify-aftercare-questionnaire-due-title = How are you today?
notify-aftercare-questionnaire-due-body = A short questionnaire is waiting.
notify-aftercare-milestone-due-title = A new step begins
notify-aftercare-milestone-due-body = See what matters now in your plan.
notify-aftercare-standalone-requested-title = A patient bought aftercare
notify-aftercare-standalone-requested-body = { $other } waits for a clinic.
notify-aftercare-standalone-assigned-title = Aftercare was assigned
notify-aftercare-standalone-assigned-body = See who looks after whom, and when it begins.
notify-aftercare-request-expiring-title = Bought aftercare waits for a clinic
notify-aftercare-request-expiring-body = Give it to a clinic before it goes back to the patient.
notify-aftercare-assignment-reminder-title = Aftercare waits for you to begin
notify-aftercare-assignment-reminder-body = It was given to you two days ago. Begin it, or decline it.
notify-aftercare-request-declined-title = A clinic declined an aftercare request
notify-aftercare-request-declined-body = It waits for another clinic.
notify-aftercare-request-rejected-title = Your aftercare request ended
notify-aftercare-request-rejected-body = What you paid goes back to your card.
notify-aftercare-standalone-payment-confirmed-title = Your payment arrived
notify-aftercare-standalone-payment-confirmed-body = Thank you. Your receipt is on the page of your aftercare.
notify-aftercare-payment-failed-title = An aftercare payment was refused
notify-aftercare-payment-failed-body = See when we try again, or pay with another card.
notify-aftercare-payment-due-reminder-title = Your next aftercare payment is in three days
notify-aftercare-payment-due-reminder-body = It is charged to the card you left with us.
notify-aftercare-refunded-title = An aftercare refund is on its way
notify-aftercare-refunded-body = It is with your bank within a few days.
notify-aftercare-case-suspended-title = Aftercare is paused
notify-aftercare-case-suspended-body = See what it needs to go on.
notify-aftercare-case-resumed-title = Aftercare goes on
notify-aftercare-case-resumed-body = The next tasks are waiting.
notify-aftercare-escalation-triggered-title = Urgent: a patient needs attention
notify-aftercare-escalation-triggered-body = { $other } reported something that should be looked at now.
notify-aftercare-escalation-raised-title = An urgent case waits
notify-aftercare-escalation-raised-body = { $other } still needs attention.
notify-review-requested-title = How was it?
notify-review-requested-body = Your experience helps others to decide.
notify-review-submitted-title = A review waits for approval
notify-review-submitted-body = Please read and decide within 48 hours.
notify-review-published-title = A review is public
notify-review-published-body = The review of { $code } is now on the profile.
notify-review-updated-title = A review was changed
notify-review-updated-body = It waits for approval again.
notify-review-rejected-title = Your review needs a change
notify-review-rejected-body = The reason is in the portal.
notify-review-removed-by-admin-title = Your review was taken off
notify-review-removed-by-admin-body = The reason is in the portal.

notify-title = Notifications
notify-lead = What happened, newest first.
notify-tabs = Show
notify-all = All
notify-unread = Unread
notify-new = New
notify-read-all = Mark all as read
notify-empty-title = Nothing here yet
notify-empty-text = When something happens that concerns you, you read it here first.
notify-empty-unread-title = All read
notify-empty-unread-text = There is nothing new. Older notifications are under All.
done-notify-read-all = Everything is marked as read.
notify-review-response-posted-title = Your review was answered
notify-review-response-posted-body = The answer of the clinic stands below your review.
notify-review-response-removed-title = An answer to a review was taken off
notify-review-response-removed-body = You can write one other answer.

# About one's own account.
notify-account-password-changed-title = Your password was changed
notify-account-password-changed-body = Your password was changed on { $at }{ $place ->
    [none] {""}
   *[other] {" "}from { $place }
}, and other devices were signed out. If that was not you, choose a new password at once and write to us.
notify-account-email-changed-title = Your e-mail address was changed
notify-account-email-changed-body = From now on you sign in with this address. It was changed on { $at }.
notify-account-mfa-changed-title = { $change ->
    [enabled] Your authenticator app is set up
    [disabled] Your authenticator app was removed
   *[reset] Your authenticator app was reset
}
notify-account-mfa-changed-body = { $change ->
    [enabled] Signing in now asks for its code. It was set up on { $at }{ $place ->
        [none] {""}
       *[other] {" "}from { $place }
    }.
    [disabled] Signing in no longer asks for a code. It was removed on { $at }{ $place ->
        [none] {""}
       *[other] {" "}from { $place }
    }. If that was not you, change your password at once and write to us.
   *[reset] Hairline reset it on { $at }. Set it up again at your next sign-in.
}
notify-account-recovery-code-used-title = A recovery code was used
notify-account-recovery-code-used-body = Somebody signed in to your account with one of your recovery codes on { $at }{ $place ->
    [none] {""}
   *[other] {" "}from { $place }
}. If that was not you, change your password at once and make new codes.
notify-account-created-title = Welcome to Hairline
notify-account-created-body = Your account is ready. Everything you need is in your portal; change what we may write to you about at any time.
notify-account-locked-title = Your account is locked for a while
notify-account-locked-body = There were too many wrong passwords{ $place ->
    [none] {""}
   *[other] {" "}from { $place }
}. You can sign in again on { $until }. If it was not you, choose a new password.
notify-account-new-device-login-title = A new device signed in
notify-account-new-device-login-body = A device we have not seen before signed in to your account on { $at } from { $place }. If that was not you, change your password and sign the device out.

# Teams and staff.
notify-team-invitation-accepted-title = Your invitation was accepted
notify-team-invitation-accepted-body = A new colleague joined { $other }.
notify-team-invitation-expiring-title = An invitation ends tomorrow
notify-team-invitation-expiring-body = An invitation to { $other } was not used yet. Send it again if it got lost.
notify-team-invitation-bounced-title = An invitation could not be delivered
notify-team-invitation-bounced-body = A mail to somebody invited to { $other } did not get through. Check the address and send it again.
notify-team-seat-requested-title = A clinic asks for more seats
notify-team-seat-requested-body = Every seat of { $other } is taken. See what it asks for and set the limit.
notify-provider-commission-changed-title = Your terms with Hairline change
notify-provider-commission-changed-body = What Hairline keeps of new bookings changes. The terms are with your earnings.
notify-provider-seat-limit-changed-title = The number of seats was changed
notify-provider-seat-limit-changed-body = Hairline set a new number of seats for { $other }.
notify-admin-invitation-bounced-title = An invitation could not be delivered
notify-admin-invitation-bounced-body = A mail to somebody invited to Hairline's staff did not get through. Check the address and send it again.
notify-team-role-changed-title = A role was changed
notify-team-role-changed-body = In the team of { $other } the role { $role } takes the place of { $old }. It holds from { $from } on, without signing in again.
notify-team-member-status-changed-title = { $change ->
    [suspended] Access to the clinic is suspended
    [reactivated] Access to the clinic is open again
   *[removed] Somebody left the team
}
notify-team-member-status-changed-body = { $change ->
    [suspended] An account in the team of { $other } was suspended.
    [reactivated] An account in the team of { $other } was let back in.
   *[removed] An account in the team of { $other } was removed.
}{ $reason ->
    [none] {""}
   *[other] {" "}The reason that was given: { $reason }
} If this surprises you, ask the clinic's owner.
notify-admin-invitation-accepted-title = Somebody joined the staff
notify-admin-invitation-accepted-body = An invitation to Hairline's staff was accepted.
notify-admin-role-changed-title = Your role was changed
notify-admin-role-changed-body = Your role at { $other } is { $role }. It holds from { $from } on, without signing in again.
notify-admin-permissions-changed-title = Your rights were changed
notify-admin-permissions-changed-body = What you may do at { $other } was changed. It holds at once.{ $added ->
    [none] {""}
   *[other] {" "}New: { $added }.
}{ $removed ->
    [none] {""}
   *[other] {" "}No longer: { $removed }.
}
notify-security-token-reuse-title = A sign-in was used a second time
notify-security-token-reuse-body = A key of a session came back after it had been replaced: somebody may have copied it. All devices of that sign-in were signed out. Change the password if this was not you.
notify-security-key-rotation-finished-title = Everything is encrypted with the new key
notify-security-key-rotation-finished-body = No row needs the old key any more. It can be taken out of the configuration.
notify-security-key-rotation-failed-title = Some rows still need an old key
notify-security-key-rotation-failed-body = The rotation of the keys ended with rows left over. Look at the report and run it again.
notify-security-audit-chain-broken-title = The audit log does not hold together
notify-security-audit-chain-broken-body = The nightly check found an entry that was changed, removed or slipped in. Keep the database as it is, run "hairline audit verify" and find out who had access to it.
notify-security-ip-blocked-title = An address was shut out
notify-security-ip-blocked-body = Twenty sign-ins failed from one address within an hour. It may try again in an hour. The log of denials names it.
notify-security-repeated-denial-title = An account is refused again and again
notify-security-repeated-denial-body = An account was refused five times within a quarter of an hour. Look at it in the audit log.

# Accounts that staff changed, privacy, legal texts.
notify-account-status-changed-title = { $change ->
    [suspended] Your account is suspended
    [reactivated] Your account is open again
   *[deactivated] Your account is closed
}
notify-account-status-changed-body = { $change ->
    [suspended] Hairline suspended your account on { $at }. You cannot sign in for now. { $ends ->
        [no] {""}
       *[yes] It opens by itself on { $until }.
    } { $reason }
    [reactivated] You can sign in again since { $at }. { $reason }
   *[deactivated] Hairline closed your account on { $at }. { $reason }
}
notify-account-profile-changed-by-admin-title = Your profile was corrected
notify-account-profile-changed-by-admin-body = Hairline changed this in your profile on { $at }: { $fields }. Please check whether it is right, and write to us if it is not.
notify-field-first-name = first name
notify-field-last-name = last name
notify-field-gender = gender
notify-field-birthday = birthday
notify-field-phone-number = phone number
notify-field-country-code = country
notify-field-location = place
notify-field-registration-source-id = how you heard of us
notify-privacy-request-updated-title = { $state ->
    [submitted] Request { $reference }: received
    [in_review] Request { $reference }: being looked at
    [verification_required] Request { $reference }: we need a proof
    [on_hold] Request { $reference }: on hold
    [approved] Request { $reference }: approved
    [denied] Request { $reference }: denied
    [withdrawn] Request { $reference }: taken back
   *[completed] Request { $reference }: done
}
notify-privacy-request-updated-body = { $state ->
    [submitted] The request to delete the account is with us. It is answered by { $due }.
    [in_review] Somebody of our team is looking at it. It is answered by { $due }.
    [verification_required] Please confirm in the portal that it is you. The time until then does not count.
    [on_hold] It waits until a booking is over or a legal order ends.
    [approved] The data is being removed now.
    [denied] We could not grant it. The reason stands in the portal.
    [withdrawn] The account stays as it was.
   *[completed] The data has been removed.
}
notify-privacy-bundle-ready-title = The copy of your data is ready
notify-privacy-bundle-ready-body = You can fetch it three times before its link ends. It opens with the key you were given.
notify-privacy-bundle-expired-title = The copy of your data is gone
notify-privacy-bundle-expired-body = It was destroyed, as announced. You can ask for a new one at any time.
notify-privacy-deadline-approaching-title = { $reference } is due soon
notify-privacy-deadline-approaching-body = A request to be erased must be answered by { $due }.
notify-privacy-hold-changed-title = { $state ->
    [placed] A legal order was placed
    [released] A legal order was released
   *[review_due] A legal order is to be looked at again
}
notify-privacy-hold-changed-body = { $state ->
    [placed] What it covers is not erased while it stands.
    [released] Requests that waited for it go on.
   *[review_due] It has stood for 180 days. Please check whether it still must.
}
notify-privacy-retention-run-finished-title = { $scope ->
    [month] Retention in { $month }
   *[run] { $failed ->
        [0] The retention run is done
       *[other] The retention run had failures
    }
}
notify-privacy-retention-run-finished-body = { $scope ->
    [month] Runs: { $runs }. Ended: { $ended }. Kept by an order: { $held }. Failed: { $failed }.
   *[run] Ended: { $ended }. Kept by an order: { $held }. Failed: { $failed }.
}
notify-legal-acceptance-required-title = Our texts have changed
notify-legal-acceptance-required-body = Please read what is new and accept it. Until then you can read everything, but nothing new is saved.
notify-legal-published-title = A legal text was published
notify-legal-published-body = Its coverage stands with the legal texts.
notify-legal-coverage-low-title = Few have agreed to a legal text
notify-legal-coverage-low-body = Two weeks after version { $version } came into force, { $percent }% of those it is for have agreed to it.
notify-provider-deletion-requested-title = A clinic asks to be closed
notify-provider-deletion-requested-body = { $other } waits for an answer within five business days.
notify-catalog-treatment-changed-title = { $change ->
    [created] New treatment: { $name }
    [deactivated] { $name } has ended
    [activated] { $name } is offered again
   *[other] { $name } has changed
}
notify-catalog-treatment-changed-body = { $change ->
    [created] Enter your price to put it into quotes.
    [deactivated] It can no longer be put into quotes. Quotes you sent stay as they are.
   *[other] Have a look at what patients read. Quotes you sent stay as they are.
}
notify-questionnaire-inquiry-unconfigured-title = Patients cannot send requests
notify-questionnaire-inquiry-unconfigured-body = No medical questionnaire is in use. Publish one and put it into use.
notify-starting-price-expiring-title = A starting price ends soon
notify-starting-price-expiring-body = The "from" price of { $place } ends in seven days. Enter the next one, or patients read "on request".

# What an account chooses: language, clock, messages.
preferences-title = Language and messages
preferences-lead = How Hairline speaks to you, and when.
preferences-manner = Language and time
preferences-language = Language
preferences-language-hint = Pages and mails are written in it.
preferences-zone = Time zone
preferences-zone-hint = Times are shown on this clock. It is { $clock } for you now. Appointments are shown on the clinic's clock.
preferences-messages = Messages
preferences-messages-lead = Everything stands under notifications anyway. Choose what reaches you elsewhere too.
preferences-email = By mail
preferences-email-hint = To the address you sign in with.
preferences-push = On your phone
preferences-push-hint = Where you are signed in with the app.
preferences-quiet = Quiet hours
preferences-quiet-hint = Reminders wait until the hours are over.
preferences-quiet-start = From
preferences-quiet-end = Until
preferences-always = Some mails always come:
preferences-always-text = about the security of your account, payments, confirmed or cancelled bookings, and legal texts.
preferences-silent = Mail and phone are off
preferences-silent-text = Only what must reach you is still sent. Look in from time to time.
done-preferences-saved = Your choices are saved.
zone-device = As on this device
language-device = As my browser asks
zone-area-africa = Africa
zone-area-america = America
zone-area-antarctica = Antarctica
zone-area-arctic = Arctic
zone-area-asia = Asia
zone-area-atlantic = Atlantic
zone-area-australia = Australia
zone-area-europe = Europe
zone-area-indian = Indian Ocean
zone-area-pacific = Pacific
error-locale_unknown = This language cannot be chosen.
error-currency_unknown = This currency is not known.
error-quiet_time_invalid = Write a time such as 22:00.
error-quiet_hours_empty = The quiet hours must end at another time than they begin.
error-marketing_consent_required = Agree to news and offers in your profile first.
notify-affiliate-status-changed-title = { $name } is on board
notify-affiliate-status-changed-body = The affiliate has chosen a password and can sign in.
notify-quote-withdrawal-requested-title = A clinic asks to step back from { $code }
notify-quote-withdrawal-requested-body = The appointment stays held and nothing is paid until our team has decided.
notify-quote-withdrawal-granted-title = Offer { $code } has ended
notify-quote-withdrawal-granted-body = The clinic has stepped back from it and the appointment is free again. Nothing has to be paid.
notify-quote-withdrawal-refused-title = Offer { $code } stands
notify-quote-withdrawal-refused-body = The appointment is still held. The time that was lost is given back.
notify-quote-restored-title = Offer { $code } is open again
notify-quote-restored-body = Our team has brought it back. It is valid anew and can be accepted.
notify-quote-draft-restored-title = Quote { $code } is back
notify-quote-draft-restored-body = Our team has brought it back for you.
notify-inquiry-extended-title = Your request { $code } goes on
notify-inquiry-extended-body = More clinics have it now. You hear from us as soon as one of them answers.
notify-inquiry-answers-reopened-title = Please answer the medical questions again
notify-inquiry-answers-reopened-body = Our team asked for it, so that the clinics have answers they can rely on.
notify-inquiry-closed-title = Inquiry { $code } was cancelled by the patient
notify-inquiry-closed-body = There is nothing left to answer. It stays readable under the code.
notify-system-alert-title = { $alert ->
    [payment_disputed] A payment is disputed
    [dispute_lost] A dispute is lost
    [dispute_won] A dispute is won
    [refund_failed] A refund failed
    [reconciliation] The gateway and our books differ
    [reconciliation_failed] A reconciliation failed
    [provider_cancellations] A clinic cancels often
    [fx_failing] A source of exchange rates fails
    [fx_moved] An exchange rate moved a lot
    [no_show] A patient did not come
    [region_unsupported] Somebody could not pay: no account takes their country's money
    [payout_reversed] A payout came back
    [payout_failed] A clinic's bank refused a payout
    [payout_differs] A transfer is not what was sent
    [gateway_account] Keys of a gateway account are refused
    [fx_rate_old] A booking was made at an old rate
    [aftercare_not_begun] A clinic has not begun the aftercare it was given
   *[other] A message of the payment gateway waits
}
notify-system-alert-body = { $alert ->
    [payment_disputed] A cardholder asks their bank for the money. The booking's payout waits until it is decided.
    [dispute_lost] The bank took the money back. It is booked as a chargeback.
    [dispute_won] The money stays. The booking's payout goes on.
    [reconciliation] Differences wait for somebody to look into them.
    [reconciliation_failed] The gateway could not be asked. It is tried again in an hour.
    [refund_failed] The gateway refused to send the money back. Look at the booking and try again.
    [provider_cancellations] Three bookings or more within a year were cancelled by this clinic.
    [fx_failing] The last rate goes on applying. It is tried again within the hour.
    [fx_moved] It changed by more than the bound within a day. Look whether it is right.
    [no_show] The clinic reports it. Look at the booking and decide what follows.
    [region_unsupported] Map the country to a gateway account, or name one for everybody else.
    [payout_reversed] The gateway took the money of a payout back. Look at the statement and at the reconciliation.
    [payout_failed] Ask the clinic for another account.
    [payout_differs] The gateway speaks of other money than we sent. Nothing was booked; look at the reconciliation.
    [gateway_account] Payments through it fail. Give it new keys, or map its countries to another account.
    [aftercare_not_begun] Three days have passed. Ask the clinic, or give it to another one.
    [fx_rate_old] The rate was older than a day. It stays; look whether it is right.
   *[other] It does not fit what is known here. Nothing was booked; look at it.
}
notify-booking-reduced-title = Booking { $code } has another price
notify-booking-reduced-body = Add-ons were taken out of it. The new price is in the portal.
