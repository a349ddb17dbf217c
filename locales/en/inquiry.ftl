## Refusals of requests.

error-active_inquiry_exists = You already have an active request.
error-draft_missing = There is no saved request to submit.
error-questionnaire_stale = The medical questionnaire was changed. Please answer the new version.
error-inquiry_locked = A clinic has answered. This request can no longer be changed.
error-inquiry_not_active = This request is not open any more.
error-cancel_not_allowed = This case can no longer be cancelled here. Please contact support.
error-alert_ack_required = Acknowledge the medical alert before you send a quote.
error-alert_not_critical = There is no red alert to acknowledge.
error-decline_not_allowed = Your clinic has answered already, or its time is over.
error-too_many_countries = You chose too many countries.
error-too_many_ranges = You chose too many date ranges.
error-too_many_providers = You chose too many clinics.
error-too_many_files = There are too many files.
error-date_range_overlap = Two date ranges share a day.
error-date_range_invalid = A date range must not end before it starts.
error-date_range_too_soon = A date range starts too soon.
error-date_range_too_far = A date range lies too far in the future.
error-invalid_date = This day does not exist.
error-provider_not_available = A clinic you chose does not take requests now.
error-provider_not_in_destinations = A clinic you chose is not in your countries.
error-media_incomplete_view_set = The head scan needs five pictures: front, top, left, right and back.
error-answer_missing = Please answer every question.
error-answer_details_required = Please give details where you answered yes.

## Words of a case's history.

timeline-inquiry_created = Request sent
timeline-inquiry_distributed = Request passed on to clinics
timeline-inquiry_updated = Request changed
timeline-inquiry_expired = Request ended without a quote
timeline-inquiry_cancelled = Request cancelled
timeline-medical_answers_revised = Medical answers given again

## Alert levels.

alert_level-critical = Red: critical condition
alert_level-standard = Yellow: to be noted
alert_level-none = Green: nothing to note
