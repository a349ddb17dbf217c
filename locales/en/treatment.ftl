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

error-text_too_long = At most 2,000 characters.
error-text_invalid = This text holds characters that cannot be shown.
error-view_unknown = This is none of the five views.

done-treat-checked-in = The patient is checked in.
done-treat-day = The day is saved.
done-treat-notes = Saved.
done-treat-photos = The pictures are saved.
done-treat-completed = The treatment is completed. Aftercare begins.

treat-day-title = Treatment of { $patient }
treat-patient-title = Your treatment
treat-back-case = Case
treat-back-booking = Back to the booking
treat-messages = Messages
treat-offer = Offer
treat-at-clinic = at { $clinic }
treat-appointment = { $when } ({ $place } time)
treat-status-confirmed = Confirmed
treat-status-inprogress = In treatment
treat-status-aftercare = In aftercare
treat-status-completed = Completed
treat-label-no-show = Did not come
treat-label-postponed = Postponed

treat-check-in-title = Check-in
treat-check-in-text = The patient is here and everything is in order. The treatment begins with the check-in.
treat-check-in = Check the patient in
treat-check-in-not-yet = Not possible yet
treat-check-in-others = Your role does not check patients in.
treat-early-title = The appointment is more than an hour away.
treat-early-tick = The patient is here already.
treat-paid = Paid in full
treat-unpaid = Balance outstanding
treat-due = { $amount } is still to be paid
treat-due-text = The patient cannot be checked in before everything is paid.

treat-patient = Patient
treat-fact-code = Code
treat-fact-age = Age
treat-fact-country = Country
treat-fact-phone = Phone
treat-fact-email = E-mail
treat-fact-when = Appointment
treat-fact-arrived = Checked in
treat-fact-documentation = Documentation due
treat-fact-clinic = Clinic
treat-fact-clinician = Doctor
treat-fact-estimate = Grafts planned
treat-fact-actual = Grafts placed
treat-facts = At a glance
treat-variance = { $grafts } grafts ({ $percent } %)
treat-estimate-hint = { $count } grafts were planned.
treat-progress = Days done
treat-progress-days = { $done } of { $total } days done

treat-days = Day by day
treat-days-none = No days yet
treat-days-none-text = The plan appears here once the booking is confirmed.
treat-day = Day { $number }
treat-day-edit = Document this day
treat-day-state = How it stands
treat-day-note = Clinical note
treat-day-note-hint = For your clinic only. Patients never read it.
treat-day-save = Save the day
treat-late-title = The documentation is late
treat-late-text = Please finish the days, the pictures and the summary.

treat-photo = Picture
treat-photo-add = Add a picture of this day
treat-photo-hint = JPEG or PNG, at most 10 MB
treat-photo-phase = When it was taken
treat-photo-send = Add the picture
treat-photos = Before and after
treat-photos-none = No pictures shared.
treat-phase-before = Before
treat-phase-during = During
treat-phase-after = After
treat-view-front = Front
treat-view-top = Top
treat-view-left = Left
treat-view-right = Right
treat-view-back = Back
treat-set-title = Standard pictures
treat-set-text = Five views of the head. The set taken at the end is needed to complete the treatment.
treat-set-add = Add views
treat-set-when = Which set
treat-set-head-scan-before = At the beginning
treat-set-head-scan-after = At the end
treat-set-send = Save the views

treat-welcome = Welcome note
treat-welcome-label = What the patient reads at the beginning
treat-welcome-hint = The patient sees it at once.
treat-welcome-none = No note yet.

treat-end-title = End the treatment
treat-end-text = Save a draft at any time. When it is complete, end the treatment: the patient reads it and aftercare begins.
treat-need-days = { $left ->
    [0] All days are closed
    [one] 1 day is still open
   *[other] { $left } days are still open
}
treat-need-views = { $left ->
    [0] The final pictures are complete
    [one] 1 view of the final set is missing
   *[other] { $left } views of the final set are missing
}
treat-conclusion = What was done
treat-prescription = Prescription
treat-medication = How to take the medication
treat-advice = What to do and what to avoid
treat-reads-patient = The patient reads this and the following texts after the treatment.
treat-plan = { $name } ({ $months } months)
treat-plan-label = Aftercare plan
treat-plan-choose = Choose a plan
treat-plan-hint = It begins the day after the treatment.
treat-save-draft = Save the draft
treat-end = End the treatment
treat-end-confirm = Nothing can be changed afterwards. The patient is told and aftercare begins.
treat-end-yes = Yes, the treatment is over
treat-over-title = The treatment is over
treat-to-aftercare = To the aftercare
treat-result = Your result

treat-guided-title = Your recovery has begun
treat-guided-text = Your plan tells you day by day what matters now.
treat-guided-action = Open my aftercare
