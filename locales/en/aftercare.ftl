# Aftercare: plans, tasks, answers, alarms.

aftercare-urgent-warning = Your answer may need quick help. Our care team has been told and will contact you. If you bleed heavily, have trouble breathing, chest pain or faint, call your local emergency number now.

error-slot_unknown = Nothing is due on that day.
error-slot_not_open = This cannot be done yet.
error-slot_already_done = This was already done.
error-slot_excused = This is not asked for any more.
error-case_suspended = Your aftercare is paused at the moment.
error-case_closed = This aftercare is over.
error-response_invalid = Some answers do not fit their questions.
error-scan_set_incomplete = A scan needs all four views.
error-resolution_incomplete = Speak with the patient, add that step, and say what came of it.

timeline-aftercare_started = Aftercare began
timeline-aftercare_completed = Aftercare was completed

aftercare-view-front = Front
aftercare-view-top = Top
aftercare-view-sides = Sides
aftercare-view-back = Back

aftercare-bucket-clinical_open = Alarm, nobody took it yet
aftercare-bucket-clinical_acknowledged = Alarm, being worked on
aftercare-bucket-answer_late = Answer is late
aftercare-bucket-tasks_escalated = Tasks late by three days or more
aftercare-bucket-tasks_overdue = Tasks late
aftercare-bucket-answer_waiting = Patient waits for an answer
aftercare-bucket-due_today = Due today
aftercare-bucket-quiet = Nothing to do

# The patient's page.
care-title = Your recovery
care-none-title = Your recovery plan starts after your treatment
care-none-text = When your treatment is complete, your clinic sets up a plan for you: when to send pictures, short questions about how you feel, and what to do and avoid in each phase. You will find it here from the first day.
care-none-action = Go to your home page
care-progress = Recovery
care-stage = Phase: { $stage }
care-day = { $days ->
    [0] Today is the day of your treatment
    [one] { $days } day since your treatment
   *[other] { $days } days since your treatment
}
care-day-before = Your plan begins on { $date }
care-until = Your plan runs until { $date }
care-tasks-done = { $percent } % of your tasks are done
care-now-title = To do now
care-now-text = { $count ->
    [one] One thing waits for you. It takes a few minutes.
   *[other] { $count } things wait for you. Each takes a few minutes.
}
care-now-scan = Send your pictures
care-now-answer = Answer the questions
care-clear-title = Nothing to do today
care-clear-text = You are up to date. We remind you when something is next.
care-clear-next = Next on { $date }
care-paused-title = Your aftercare is paused
care-paused-text = Nothing is asked of you at the moment. Write to us if you have a question.
care-over-title = Your aftercare is complete
care-over-text = Thank you for staying with it. Your pictures and instructions stay here for you.
care-tasks = The next days
care-task-scan = Pictures of your scalp
care-task-questionnaire = Questions about how you feel
care-due-on = Due on { $date }
care-opens-on = Possible from { $date }
care-state-upcoming = Later
care-state-open = Can be done
care-state-due = Today
care-state-overdue = Late
care-state-escalated = Very late
care-state-done = Done
care-state-excused = Not needed
care-phases = Your plan
care-phase-days = { $from } to { $to }
care-phase-tasks = { $done } of { $total } tasks done
care-avoid = What to avoid now
care-instructions = Instructions
care-repeat = { $days ->
    [one] Every day
   *[other] Every { $days } days
}
care-category-general = General
care-category-washing = Washing
care-category-sleeping = Sleeping
care-category-activity = Activity
care-category-emergency-contact = In an emergency
care-category-special = For you
care-medications = Medication
care-medication-until = Until { $date }
care-frequency-once-daily = Once a day
care-frequency-twice-daily = Twice a day
care-frequency-three-daily = Three times a day
care-frequency-four-daily = Four times a day
care-frequency-every-8h = Every 8 hours
care-frequency-every-12h = Every 12 hours
care-frequency-weekly = Once a week
care-frequency-as-needed = When needed
care-photos = Your pictures
care-photos-none = Your pictures appear here once you have sent the first set.
care-photo-alt = { $view } on { $date }
care-compare = First and newest picture
care-compare-text = Move the handle to see what has changed.
care-more-photos = Send more pictures
care-help-title = Something feels wrong
care-help-text = Write to us at any time. If you bleed heavily, have trouble breathing, chest pain or faint, call your local emergency number now.
care-help-action = Write to us
care-view-front = Front
care-view-top = Top
care-view-sides = Side
care-view-back = Back
care-view-3d-model = 3-D model
done-care-scan = Thank you. Your pictures have arrived.
done-care-answers = Thank you. Your answers have arrived.

# Sending pictures and answers.
care-back = Back to your recovery
care-scan-title = Your pictures
care-scan-for = For { $date }
care-scan-extra = An extra set, in addition to your plan
care-scan-tips = Good pictures in three steps
care-scan-tip-light = Stand near a window with daylight, without flash.
care-scan-tip-still = Hold the camera an arm away, so that the whole view fits, and keep it still.
care-scan-tip-help = Ask somebody to take the top and the back for you.
care-scan-hint-front = Look straight ahead, hairline and forehead visible.
care-scan-hint-top = Bow your head, camera above you.
care-scan-hint-sides = Turn your head so that one ear faces the camera.
care-scan-hint-back = Camera behind you, from the crown to the neck.
care-scan-private = Only you, your clinic and our care team see these pictures. JPEG or PNG, up to 50 MB each.
care-scan-send = Send the four pictures
care-answers-for = For { $date }
care-answers-who = Your clinic and our care team read your answers.
care-answers-send = Send your answers
care-urgent-title = We take this seriously
care-urgent-told = Your clinic and our care team have been alerted
care-urgent-told-text = Something you told us may need quick help. Somebody from our team will contact you. Keep your phone close.
care-urgent-emergency = Call your local emergency number now if you have
care-urgent-emergency-text = Do not wait for us with any of these. In the European Union and in Türkiye the number is 112.
care-urgent-meanwhile = While you wait
care-urgent-meanwhile-text = Rest with your upper body raised. Do not touch the treated area and take no new medication. You can write to us at any time.
care-choice-yes = Yes
care-choice-no = No
care-choice-nowhere = Nowhere
care-choice-donor-area = Where the hair was taken
care-choice-transplanted-area = Where the hair was placed
care-choice-both = Both
care-choice-heavy-bleeding = Heavy bleeding
care-choice-bleeding-not-stopping = Bleeding that does not stop
care-choice-pus-or-discharge = Pus or discharge
care-choice-fever = Fever
care-choice-spreading-redness = Redness that spreads
care-choice-severe-swelling = Severe swelling
care-choice-mild-swelling = Mild swelling
care-choice-skin-darkening = Skin that turns dark
care-choice-breathing-difficulty = Trouble breathing
care-choice-chest-pain = Chest pain
care-choice-fainting = Fainting
care-choice-itching = Itching
care-choice-numbness = Numbness
care-choice-scabs = Scabs
care-choice-better = Better
care-choice-same = The same
care-choice-worse = Worse
care-choice-very-good = Very good
care-choice-good = Good
care-choice-fair = Fair
care-choice-poor = Poor
care-choice-very-poor = Very poor
care-choice-nothing = Nothing
care-choice-pain = Pain
care-choice-worry = Worry
care-choice-position = The sleeping position
care-choice-always = Always
care-choice-mostly = Mostly
care-choice-rarely = Rarely
care-choice-none-yet = None yet
care-choice-first-hairs = First hairs
care-choice-visible = Visible
care-choice-dense = Dense
error-view_twice = One picture for each view.
