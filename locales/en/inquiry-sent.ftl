## A request that was sent.

sent-title = Your request
sent-back = Back to my case
sent-open = You can still change it
sent-open-text = Until the first clinic has answered. Clinics that have it are told what changed.
sent-closed-quoted = It can no longer be changed
sent-closed-quoted-text = A clinic has answered, and its offer rests on what you wrote. Tell the clinic in a message if something has changed.
sent-closed-cancelled = This request was cancelled
sent-closed-cancelled-text = It stays here to read. You can start a new one at any time.
sent-closed-expired = This request ended without an offer
sent-closed-expired-text = It stays here to read. You can start a new one at any time.
sent-closed-completed = This treatment is completed
sent-closed-completed-text = Your request stays here to read.
sent-asked-again = Please answer the medical questions again
sent-asked-again-text = Our team asked for it, so that the clinics have answers they can rely on.
sent-asked-again-open = Answer again
sent-wishes = What you wish for
sent-lifestyle = Daily life
sent-severity = { $score } of 10
sent-notes = More for the clinics
sent-clinics-none = Your request is on its way to the clinics.
sent-clinic-waiting = Sent
sent-clinic-reading = Read
sent-clinic-answered = Answered
sent-clinic-declined = Cannot help
sent-clinic-lapsed = No answer in time
sent-clinic-closed = Closed
sent-all-answers = All questions and answers
sent-edit-hint = Clinics that have your request are told.
sent-edit-health-hint = Please answer every question again. Clinics that have your request are told.
sent-edit-destinations-hint = Clinics in a country you take out lose your request; the others are told.
sent-edit-clinics-hint = Clinics you take out lose your request. Clinics we asked beside yours stay.
sent-stored = What is saved now
sent-stored-text = It was changed on another device. Saving replaces it with what stands below.
sent-leave = Leave as it is
sent-link-text = Answers, pictures and documents
done-request-changed = Your request is changed.
done-evidence-added = The file is added.
done-evidence-removed = The file is removed.

## Pictures and videos beyond the head scan.

evidence-title = More pictures and videos
evidence-hint = Optional: older pictures, a video, a letter from a doctor as a picture. JPEG or PNG up to 2 MB, MP4 up to 20 MB and 30 seconds.
evidence-count = { $count } of { $most }
evidence-picture = Picture { $number }
evidence-video = Video { $number }
evidence-file = Picture or video
evidence-add = Add
evidence-choose = Choose a picture or a video.
evidence-too-large = This file is too large. Pictures may have 2 MB, videos 20 MB.
evidence-too-long = This video is too long. At most 30 seconds.
evidence-too-many = Five files are the most. Remove one to add another.
evidence-wrong-kind = Only JPEG and PNG pictures and MP4 videos can be added.
