# What can go wrong with money.
error-booking_not_payable = There is no accepted offer to pay for.
error-hold_expired = The appointment is no longer held for you.
error-inquiry_cancelled = This request was cancelled.
error-already_paid = Everything is paid.
error-payment_in_progress = Another payment of this booking is still under way.
error-amount_changed = The amount is not what was shown. Look at it again.
error-option_unavailable = This booking cannot be paid this way now.
error-installments_unavailable = This booking cannot be paid in installments.
error-payment_unavailable_region = Card payments are not available in your country yet.
error-card_declined = The card was declined.
error-intent_canceled = This payment was given up. Start a new one.
error-invalid_number = This is not a card number.
error-invalid_expiry = The card has expired.
error-invalid_cvc = The security code has 3 or 4 digits.
error-invalid_signature = The signature does not fit.
error-mode_mismatch = Test and live events do not mix.
