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
