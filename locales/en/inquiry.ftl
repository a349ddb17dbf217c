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
error-clinics_elsewhere = Keep the country of one of your clinics, or choose other clinics first.
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

## The request, step by step.

request-start-title = Ask clinics once
request-start-lead = Short steps, about ten minutes. You can stop at any time and go on later, on any device.
request-start-1 = What you wish for
request-start-1-text = Your concern, where and when you could travel.
request-start-2 = Five pictures of your head
request-start-2-text = Your phone is enough. We show you how to hold it.
request-start-3 = A few medical questions
request-start-3-text = Clinics see them under a code. Your name stays here until you book.
request-begin = Begin
request-go-on = Go on where you were
request-discard = Throw the draft away
request-discard-text = Answers and pictures of this draft are put away and cannot be used any more.
request-active-title = You already have a request
request-active-text = Only one request runs at a time, so that clinics know it is serious.
request-active-open = Open my case
request-step-of = Step { $here } of { $all }
request-pause = Later
request-saved = Saved with every step
request-yes = Yes
request-no = No
request-done = Done
request-wish-title = What would you like treated?
request-wish-hint = You can change everything later, until the first clinic has answered.
request-wish-short = Wish
request-problem-hair-transplant = Hair
request-problem-text-hair-transplant = Hairline, crown, or thinning all over.
request-problem-beard-transplant = Beard
request-problem-text-beard-transplant = Beard, moustache or eyebrows.
request-problem-both = Hair and beard
request-problem-text-both = One trip, one plan for both.
request-concern-title = What bothers you?
request-concern-hint = In your own words. Contact details are hidden from clinics.
request-concern-short = Concern
request-details = Describe it
request-details-hint = At least 10 characters: where, since when, what you hope for.
request-nature = In a few words
request-nature-hint = For example: receding hairline. Optional.
request-history-title = How long, and what was tried?
request-history-hint = It helps clinics to plan the number of grafts.
request-history-short = History
request-since = Since when?
request-duration-lt-6m = Less than 6 months
request-duration-6-12m = 6 to 12 months
request-duration-1-3y = 1 to 3 years
request-duration-3-5y = 3 to 5 years
request-duration-5-10y = 5 to 10 years
request-duration-gt-10y = More than 10 years
request-previous = What have you tried before?
request-previous-hint = Medicine, treatments, another transplant. Write none if nothing.
request-severity = How much does it bother you?
request-severity-hint = 1 hardly, 10 very much.
request-destinations-title = Where could you travel?
request-destinations-hint = Choose one or more countries, up to ten.
request-destinations-short = Countries
request-clinics-count = { $count ->
    [one] 1 clinic
   *[other] { $count } clinics
}
request-from = from { $price }
request-dates-title = When could you travel?
request-dates-hint = Add one or more ranges of days. The more you give, the more offers fit.
request-ranges-count = { $count } of { $most } ranges
request-dates-short = Dates
request-range-start = First day
request-range-end = Last day
request-range-add = Add these days
request-range-remove = Remove
request-clinics-title = Which clinics shall answer?
request-clinics-hint = Choose up to five. We also ask other good clinics in your countries.
request-clinics-short = Clinics
request-no-clinics = No clinic in these countries takes requests now. Please choose another country.
request-photos-title = Five pictures of your head
request-photos-hint = Daylight, dry hair, no cap, the whole head in the picture.
request-photos-short = Pictures
request-photos-done = { $count } of 5
request-photo-upload = Upload
request-photo-replace = Replace
request-photo-remove = Remove
request-photo-camera = Use the camera
request-photo-camera-refused = The camera cannot be used here. Choose a picture instead.
request-photo-take = Take the picture
request-photo-turn = Turn the camera
request-view-front = Front
request-view-hint-front = Look straight into the camera, hair back from the forehead.
request-view-top = Top
request-view-hint-top = Lower your head, hold the phone above it.
request-view-left = Left side
request-view-hint-left = Turn so that your left ear faces the camera.
request-view-right = Right side
request-view-hint-right = Turn so that your right ear faces the camera.
request-view-back = Back
request-view-hint-back = The back of your head down to the neck. Ask somebody to help.
request-health-title = Your health
request-health-hint = Answer honestly: your safety depends on it. Only the clinics you ask read it, under a code.
request-health-short = Health
request-yes-count = { $count ->
    [0] All answered with no
    [one] 1 answer with yes
   *[other] { $count } answers with yes
}
request-notes = Anything else clinics should know?
request-review-title = Everything right?
request-review-hint = Then send it. Clinics have 72 hours to answer.
request-review-short = Review
request-terms = I have checked my answers and accept the terms.
request-send = Send to clinics
done-request-sent = Your request is with the clinics.
done-request-discarded = The draft is put away.
done-photo-added = The picture is saved.
done-photo-removed = The picture is removed.
error-text_too_short = Please write a little more.
error-severity_out_of_range = Choose a number from 1 to 10.
error-required = This is required.
error-terms_required = Please accept the terms.
request-sort = Recommended
request-sort-rating = Best rated
request-sort-price = Lowest price
request-any-country = All your countries
request-clinics-search = Search for a clinic
request-clinics-ticked = Your choice so far
request-clinics-page = Page { $here } of { $all }
request-clinics-dropped = { $count ->
    [one] One clinic you had chosen is not in these countries. It was taken out.
   *[other] { $count } clinics you had chosen are not in these countries. They were taken out.
}
request-clinic-elsewhere = not in your countries any more
request-clinic-closed = takes no requests now
request-no-clinics-found = No clinic fits this search.
request-photo-too-large = This picture is too large. It may have { $size } MB at most: choose a smaller size in the camera, or send it to yourself in a smaller size first.
request-photo-wrong-kind = This is not a JPEG or PNG picture. Please choose another one.
request-photo-choose = Choose a picture first.
request-evidence-title = More to show?
request-evidence-hint = Older pictures, a short video, a doctor's letter. You can leave this out.
request-evidence-short = More files
request-evidence-count = { $count ->
    [0] None
    [one] One file
   *[other] { $count } files
}
request-conflict = This was changed on another device
request-conflict-text = Nothing is lost: below is what you typed here. Continue to keep it, or take what is saved.
request-stored = Saved now
request-stored-nothing = Nothing
request-stored-keep = Take what is saved
request-lack-profile = Your profile is not complete
request-lack-profile-text = Clinics need your age and country before they can answer. You come back here afterwards.
request-lack-profile-open = Complete my profile
request-lack-consents = Your consent is missing
request-lack-consents-text = Your request can only be sent once you agree that we keep your medical data and share it with clinics.
request-lack-consents-open = Read and agree
request-lack-account = This account cannot send a request
request-lack-account-text = Requests are for people of 18 to 100 years with a confirmed e-mail address. Please contact support if this is wrong.
error-request_changed = Something was changed on another device. Please read it once more, then send it.
request-destinations-count = { $count } of { $most } chosen
request-destinations-chosen = Your countries, the most wanted first
request-destinations-primary = first choice
request-destinations-earlier = Move up
request-destinations-others = More countries
request-destinations-more = { $count ->
    [one] Show 1 more country
   *[other] Show { $count } more countries
}
request-destinations-order = Save and put in order
request-question-of = Question { $here } of { $all }
request-question-before = The question before
request-habits-title = Daily life
request-habits-hint = All of this is optional. It helps clinics to plan safely; they read it under a code.
request-habits-short = Daily life
request-smoking = Do you smoke?
request-smoking-hint = For example: no, or ten cigarettes a day.
request-alcohol = Do you drink alcohol?
request-alcohol-hint = For example: rarely, or a glass of wine in the evening.
request-family = Hair loss in your family
request-family-hint = For example: father and grandfather.
request-lifestyle = Anything in daily life that matters
request-lifestyle-hint = Sport, work outdoors, shifts, a helmet.
request-clinics-chosen = { $count } of { $most } chosen
request-any-rating = Any rating
request-rating-4 = 4 stars and more
request-rating-45 = 4.5 stars and more
request-any-specialty = Any specialty
request-specialty-hair = Hair
request-specialty-beard = Beard
request-specialty-both = Hair and beard
request-sort-experience = Most experience
request-no-clinics-country = Choose another country
request-no-clinics-support = Contact support
request-any-language = Any language
request-any-price = Any price
request-price-to = From-price up to { $price }
request-featured = Featured
request-photo-very-sharp = Very sharp
request-photo-sharp-enough = Sharp enough
request-months = The months you can come in
