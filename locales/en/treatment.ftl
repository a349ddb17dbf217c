# Treatment: check-in, treatment days, documentation, completion.

error-invalid_status = This is not possible at this point of the case.
error-already_checked_in = The patient was already checked in.
error-already_completed = This treatment is over.
error-balance_outstanding = There is a balance outstanding.
error-too_early = The procedure begins on a later day.
error-early_check_in_confirm = The appointment is more than an hour away. Confirm that the patient is here.
error-patient_already_in_treatment = The patient is in another treatment.
error-clinician_missing = No clinician leads this case.
error-closure_pending = A request to close this case waits for Hairline.
error-days_not_terminal = Some treatment days are still open.
error-day_in_future = This day has not come yet.
error-media_not_ready = The final photo set is not complete.
error-image_limit = This case has as many pictures as it can have.
error-aftercare_template_required = Choose the aftercare plan of this patient.
error-template_inactive = This aftercare plan is not offered.
error-reason_required = Give a reason of 10 to 500 characters.

timeline-treatment_started = The patient was checked in
timeline-treatment_day_status_changed = A treatment day was updated
timeline-treatment_completed = The treatment was completed

treatment-day-not_started = Not started
treatment-day-in_progress = In progress
treatment-day-finished = Finished
treatment-day-need_attention = Needs attention
treatment-day-cancelled_deferred = Cancelled or deferred
