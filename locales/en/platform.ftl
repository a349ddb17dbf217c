# Words of the ground floor: errors every area can give, dates, states, buttons.

error-key_in_use = A key that is still needed was taken out of the configuration.
error-not_found = There is nothing here.
error-forbidden = You are not allowed to do this.
error-unauthenticated = Sign in to continue.
error-rate_limited = Too many attempts. Wait a moment and try again.
error-internal = Something went wrong on our side.
error-stale_version = This was changed meanwhile. Load it again and repeat your change.
error-malformed = We could not read this request.
error-validation_failed = Some fields need your attention.
error-csrf_failed = This page was open too long. Load it again and repeat what you did.
error-body_too_large = That is more than we take at once.
error-decryption_failed = A stored value could not be read. Our support knows how to help.
error-audit_unavailable = This cannot be recorded now, so it was not done. Try again in a moment.
error-method_not_allowed = This cannot be done here.
error-already_resolved = Somebody already dealt with this.
error-gateway_unreachable = The payment service does not answer. Nothing was charged; try again in a moment.
error-mail_refused = The mail server refuses this address.
error-mail_unavailable = The mail server does not answer. Try again in a moment.
error-unknown_setting = These settings do not belong together.
error-busy = Too many changes at once. Try again.
error-not_allowed = This cannot be done here.
error-payload_too_large = That is too large.
error-unavailable = This is not possible for a moment. Try again shortly.
error-idempotency_key_reused = This key was already used for a different request.
error-request_in_progress = The same request is still being worked on.
error-media_type_invalid = This kind of file is not accepted here.
error-media_size_exceeded = The file is too large.
error-media_unreadable = The file is damaged or cannot be read.
error-media_too_long = The video is too long.
error-media_quality_insufficient = The picture is too small or not sharp enough. Please take it again.
error-media_quality_insufficient-too_small = The picture is too small. Please use the camera's full size, not a screenshot or a preview.
error-media_quality_insufficient-not_sharp = The picture is not sharp. Please hold still, in good light, and take it again.
error-media_size_exceeded-too_many_pixels = The picture has more pixels than we can read. Please choose a smaller size in the camera.
error-media_size_exceeded-together = The five pictures are too large together. Please choose a smaller size in the camera.

field-required = This is required.
field-unknown = This field is not known.
field-invalid = This value is not valid.

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

time-date = { $day } { $month } { $year }
time-datetime = { $date }, { $time }
time-now = just now
time-minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
time-hours-ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
time-days-ago = { $count ->
    [one] yesterday
   *[other] { $count } days ago
}
time-in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
}
time-in-hours = { $count ->
    [one] in 1 hour
   *[other] in { $count } hours
}
time-in-days = { $count ->
    [one] tomorrow
   *[other] in { $count } days
}

language-en = English
language-tr = Turkish

# Keys.
encryption-title = Encryption keys
encryption-lead = What older keys wrote is written anew with the current one while everybody goes on working.
encryption-state = State
encryption-running = Under way
encryption-done = Up to date
encryption-waiting = Older keys in use
encryption-previous = Previous keys configured
encryption-done-count = Values re-encrypted by the last run
encryption-left = Values of older keys
encryption-failed = Values no key reads
encryption-rotate = Re-encrypt now
encryption-removable = No value needs a previous key any more.
encryption-needed = Keep the previous keys: values still need them.
encryption-columns = Where older keys are in use
encryption-none = Nowhere
encryption-none-text = Every sealed value is written with the current key.
done-rotation-started = The rotation runs in the background.
weekday-short-1 = Mo
weekday-short-2 = Tu
weekday-short-3 = We
weekday-short-4 = Th
weekday-short-5 = Fr
weekday-short-6 = Sa
weekday-short-7 = Su
