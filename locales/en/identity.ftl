# Mails about an account.
identity-mail-code-subject = Your Hairline code
identity-mail-code-text =
    Your code is { $code }.

    It is good for { $minutes } minutes and can be used once. If you did not ask for it, you can ignore this mail.
identity-mail-attempt-subject = You already have a Hairline account
identity-mail-attempt-text =
    Hello { $name },

    Somebody tried to register at Hairline with your e-mail address. You already have an account, so nothing was changed. If it was you, sign in with your password. If it was not, you need not do anything.

# What can be wrong with a login or a registration.
error-invalid_credentials = E-mail or password is wrong.
error-account_locked = Too many wrong tries. This login is locked for a while.
error-ip_blocked = Too many failed logins from your network. Try again later.
error-email_unverified = Confirm your e-mail address first.
error-account_suspended = This account is suspended.
error-account_deactivated = This account was closed.
error-membership_removed = You no longer belong to this clinic's team.
error-provider_inactive = This clinic is no longer with Hairline.
error-code_invalid = This code is wrong or no longer valid.
error-code_too_often = Wait a little before asking for another code.
error-session_revoked = This session has ended. Sign in again.
error-profile_incomplete = Complete your profile first.
error-patient_not_eligible = This account cannot ask for quotes.
error-consent_required = Agree to the processing of your medical data and to sharing it with clinics first.
error-consent_mandatory = This consent belongs to the account and ends only with it.
error-consent_in_use = A running booking needs this consent.
error-justification_required = Say first why you need this patient's medical data.
error-record_archived = This patient was erased. The medical record is in the archive and no longer open to clinics.
error-reauth_required = Confirm first that it is you.
error-wrong_guard = This account has no access here.
error-mfa_already_on = An authenticator app is already set up.

# Signing up and the patient's profile.
signup-title = Create your account
signup-step-1 = Step 1 of 3
signup-step-2 = Step 2 of 3
signup-step-3 = Step 3 of 3
signup-lead = Free, and nobody sees your name until you book.
signup-first-name = First name
signup-last-name = Last name
signup-email = E-mail
signup-password-again = Password again
signup-terms = I accept the terms and have read the privacy policy.
signup-submit = Create account
signup-known = Already have an account?
signup-verify-title = Check your mail
signup-verify-lead = We sent six digits to your address. Enter them here to prove it is yours.
signup-code = Code
signup-resend = Send a new code
code-wait-seconds = { $count ->
    [one] You can ask for a new code in 1 second.
   *[other] You can ask for a new code in { $count } seconds.
}
code-wait-minutes = { $count ->
    [one] You can ask for a new code in 1 minute.
   *[other] You can ask for a new code in { $count } minutes.
}
code-wait-running = You can ask for a new code in { $time }.
code-wait-over = You can ask for a new code now.
signup-verify-sent = We sent six digits to { $address }. Enter them here to prove it is yours.
profile-choose = Please choose
profile-country = Country
profile-phone-hint = With the country code, like +44 7700 900456
profile-complete-title = About you
profile-complete-hello = Welcome, { $name }
profile-complete-lead = Clinics need this to quote. They see it under a code, not under your name.
profile-complete-submit = Finish
profile-later = Do this later
profile-consents = Your consents
profile-consents-hint = Without these two no clinic can answer you. You can take them back at any time.
profile-incomplete-title = Your profile is not complete
profile-incomplete-text = Gender, birthday, phone and country are needed before you can ask clinics.
profile-about = About you
profile-display = Display and sign-out
consent-ask-medical-data-processing = Hairline may process my medical data to find and organise my treatment.
consent-ask-provider-data-sharing = Hairline may share my answers and pictures with the clinics I ask, under a code.
consent-granted = Given
consent-not-granted = Not given
consent-grant = Give
consent-withdraw = Take back
consent-withdraw-text = What was done until now stays lawful. Some things will no longer be possible.
consent-terms = Terms
consent-privacy-policy = Privacy policy
consent-medical-data-processing = Processing of medical data
consent-provider-data-sharing = Sharing with clinics
consent-photo-publication = Publication of pictures
consent-analytics = Statistics
consent-marketing = News
consent-monitoring-share = Sharing of conversations with support
consent-text-terms = Belongs to your account.
consent-text-privacy-policy = Belongs to your account.
consent-text-medical-data-processing = Your answers, pictures and treatment data, to find and organise your treatment.
consent-text-provider-data-sharing = The clinics you ask see your answers and pictures under a code.
consent-text-photo-publication = Clinics may show your before and after pictures.
consent-text-analytics = How you use Hairline, without your name.
consent-text-marketing = A mail now and then about clinics and treatments.
consent-text-monitoring-share = Support may read along when you ask for help.
done-verified = Your address is proven. Welcome.
done-code-sent = A new code is on its way.
done-profile-saved = Your profile is saved.
done-consent-saved = Your choice is saved.

# Proof of identity before a sensitive change.
confirm-title = Confirm it is you
confirm-lead = Enter your password. It protects what you are about to change.
confirm-lead-mfa = Enter your password and the code of your authenticator app.
confirm-code-lead = We sent six digits to your address. Enter them here.
confirm-by-code = Send me a code instead
error-proof_invalid = That was not right. Check what you entered and try again.

# A patient's account, handled by staff.
patient-account = Account
patient-correct = Correct the profile
patient-correct-text = The patient is told which fields changed. Medical answers and pictures are never changed here.
patient-reason = Reason
patient-reason-hint = 20 to 500 characters
patient-access = Access
patient-unlock = End the lock after wrong passwords
patient-suspend = Suspend
patient-suspend-term = For how long
suspend-term-30d = 30 days
suspend-term-90d = 90 days
suspend-term-permanent = Until it is lifted
patient-reactivate = Let the patient in again
patient-close = Close the account
patient-close-text = The patient can no longer sign in. Nothing is erased; a super admin can open the account again.
done-patient-suspended = The patient is suspended and signed out everywhere.
done-patient-reactivated = The patient can sign in again.
done-patient-closed = The account is closed.
done-patient-unlocked = The lock is ended.
done-patient-corrected = The profile is corrected and the patient is told.

# Programs that act for people: consent, scopes, tokens, clients.
oauth-consent-title = { $client } asks to act for you
oauth-consent-lead = If you allow it, { $client } may do this with your Hairline account:
oauth-consent-limits = It never sees your password, and it can never do more than you can. You are sent back to { $host }.
oauth-allow = Allow
oauth-deny = Do not allow
oauth-refused-title = This link cannot be used
oauth-refused-client = The program that sent you here is not registered, or it was ended.
oauth-refused-redirect = The program wants you back at an address that is not its own. We do not lead you there.
oauth-refused-request = The program that sent you here asked in a way we do not understand.
oauth-refused-hint = You can close this page. If it happens again, tell whoever made the program.
login-onward-title = You are signed in
login-onward-text = The next page opens by itself.
scope-all = Everything you can do
scope-read-settings = See settings
scope-write-settings = Change settings
scope-read-profile = See your profile and notifications
scope-write-profile = Change your profile
scope-read-patients = See patients
scope-write-patients = Change details of patients
scope-read-inquiries = See requests and their answers
scope-write-inquiries = Send and change requests
scope-read-quotes = See offers
scope-write-quotes = Make, change and accept offers
scope-read-treatments = See bookings, treatments and aftercare
scope-write-treatments = Record treatments and aftercare
scope-read-payments = See payments and documents
scope-write-payments = Pay
scope-read-messages = Read messages
scope-write-messages = Write messages
scope-read-providers = See clinics, prices and reviews
scope-write-providers = Change prices and answer reviews
scope-read-reports = See reports
scope-write-reports = Make reports
error-token_invalid = This token opens nothing.
error-token_expired = This token has ended. Renew it.
error-insufficient_scope = This token does not cover what was asked.
error-scope_refused = This was not granted.
error-too_many_tokens = You have fifty tokens. Revoke one that is no longer needed.
error-token_name = Give it a name of up to 100 characters.
error-token_days = A token lives 1 to 90 days.
error-scopes_missing = Choose at least one.
error-scope_unknown = There is no such right.
error-scope_first_party = Only programs of the house may ask for everything.
error-client_name = Give a name of 2 to 100 characters.
error-too_many_redirects = At most ten addresses.
error-redirect_unsafe = Give whole https:// addresses without wildcards or #; http:// only for this computer.
error-password_grant_refused = Only programs of the house that keep a secret may ask for passwords.
error-client_built_in = This client belongs to the program and stays as it is.
error-client_revoked = This client has ended.
error-client_public = This client has no secret.

# Pages of personal tokens and OAuth clients.
nav-api-tokens = API tokens
tokens-title = API tokens
tokens-lead = Keys for your own scripts. A token acts as you, within what you choose.
tokens-yours = Your tokens
tokens-none = No tokens yet
tokens-none-text = Make one below when a script of yours needs to reach Hairline.
tokens-signed = signed
tokens-never-used = never used
tokens-used = Last used
tokens-ends = Ends { $date }
tokens-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
tokens-revoke = Revoke
tokens-revoke-text = Scripts that use it are refused at once.
tokens-new = New token
tokens-new-text = It is shown once. Choose as little as the script needs.
tokens-name = Name
tokens-name-hint = So that you know later what it is for.
tokens-life = Ends after
tokens-scopes = What it may do
tokens-create = Make token
tokens-made = Your new token
tokens-made-text = Copy it now. It is not shown again.
secret-kept = I have kept it
done-token-revoked = The token is revoked.
clients-title = Programs with access
clients-lead = OAuth clients: programs that act for people, or for themselves.
clients-new = Register a program
clients-new-lead = People see its name when they are asked whether it may act for them.
clients-register = Register
client-name = Name
client-name-hint = As people know it.
client-guard = Whose accounts
client-guard-api = Hairline staff
client-guard-provider = Clinics
client-guard-patient = Patients
client-guard-affiliate = Affiliates
client-guard-personal = Staff and clinics, by their own tokens
client-kind = Kind
client-confidential = Server with a secret
client-confidential-hint = It keeps its secret where nobody else can read it.
client-public = App without a secret
client-public-hint = It runs on a device or in a browser, where no secret stays one.
client-redirects = Return addresses
client-redirects-hint = One on each line, exactly as the program uses it. None for a program that speaks for itself only.
client-scopes = What it may ask for
client-first-party = Program of the house
client-first-party-hint = People are not asked for consent.
client-first-party-only = Programs of the house only.
client-legacy = May ask for passwords
client-legacy-hint = Only for old programs of the house. Accounts with a second factor are refused.
client-id = Client ID
client-secret = Secret
client-secret-text = Copy the secret now. It is not shown again.
client-built-in = Built in
client-built-in-text = It belongs to Hairline itself and cannot be changed.
client-in-use = In use
client-ended = Ended
client-ended-text = It has no access any more, and neither have its tokens.
client-edit = Change
client-end = Access
client-new-secret = New secret
client-new-secret-text = The old secret ends at once. The program needs the new one.
client-revoke = End access
client-revoke-text = All its tokens end at once. This cannot be taken back.
done-client-registered = The program is registered.
done-client-revoked = The program has no access any more.
error-client_exists = This client was registered already.
error-token_name_taken = You have a token of this name already.

# Passwords: forgotten, set for the first time, changed.
identity-mail-reset-subject = Your code for a new password
identity-mail-reset-text =
    Your code is { $code }.

    With it you can choose a new password. It is good for { $minutes } minutes and can be used once. If you did not ask for it, you can ignore this mail: your password stays as it is.
identity-mail-link-subject = Set your Hairline password
identity-mail-link-text =
    Open this link to set your password:

    { $link }

    It is good for 24 hours and can be used once.
login-forgot = Forgotten your password?
forgot-title = Forgotten your password?
forgot-lead = Tell us your address. If there is an account with it, we send you a code.
forgot-submit = Send the code
forgot-back = Back to signing in
forgot-other = Use another address
forgot-code-title = Check your mail
forgot-code-lead = If there is an account with { $address }, six digits are on their way to it. Enter them here.
forgot-new-title = Choose a new password
forgot-new-lead = You will be signed out everywhere else.
forgot-new-demanded = Your account needs a new password before you go on.
forgot-new-submit = Save the password
set-password-lead = Choose the password you will sign in with from now on.
set-password-link-title = A new link for your password
set-password-link-lead = Links are good for 24 hours and can be used once. Tell us your address. If a first password is still to be set there, we send a new link.
set-password-link-submit = Send a new link
password-new = New password
password-current = Current password
password-rules = What a password needs
password-rule-length = At least 12 characters
password-rule-upper = A capital letter
password-rule-lower = A small letter
password-rule-digit = A digit
password-rule-special = A special character such as ! or ?
password-weak = Weak
password-fair = Nearly there
password-good = Good
password-strong = Strong
error-password_reused = You had this password not long ago. Choose another one.
error-reset_too_late = The time for this is over. Ask for a new code.
error-link_too_late = This link was used already or is too old. Ask for a new one.
error-account_cannot_reset = This account has no password to reset.
done-password-reset = Your new password is saved.
done-password-set = Your password is set. You can sign in now.
done-link-sent = If a first password is still to be set, a link is on its way.

# The address of an account, its devices, its authenticator app.
identity-mail-moved-subject = Your Hairline account has a new address
identity-mail-moved-text =
    The e-mail address of your Hairline account was changed. From now on the new address is used to sign in, and this one no longer is.

    If that was not you, open this link within 72 hours. It puts this address back, signs every device out and lets you choose a new password:

    { $link }
error-email_unchanged = This is your address already.
error-email_taken = There is already an account with this address.
error-mfa_enforced = Your account needs an authenticator app.
error-phone_taken = A colleague has this number already.
error-title_invalid = At most 50 characters, on one line.

# What can be wrong with a field about a person or an account.
field-name_length = Give 2 to 50 characters.
field-name_invalid = Only letters, spaces, hyphens, apostrophes and full stops, with a letter first.
field-email_invalid = This is not an e-mail address.
field-username_invalid = 3 to 30 small letters, digits, dots, underscores or hyphens.
field-username_taken = This name is taken.
field-password_too_short = At least 12 characters.
field-password_too_long = That is too long: at most 72 bytes.
field-password_invalid = A password cannot hold this character.
field-password_no_upper = At least one capital letter.
field-password_no_lower = At least one small letter.
field-password_no_digit = At least one digit.
field-password_no_special = At least one special character such as ! or ?
field-password_mismatch = The two entries differ.
field-birthday_out_of_range = You need to be 18 to 100 years old.
field-phone_invalid = Write the number as + and 7 to 15 digits.
field-phone_country_unknown = We do not serve this calling code.
field-country_unknown = Choose a country from the list.
field-location_invalid = At most 100 characters, on one line.
field-field_not_writable = This cannot be set here.

# The account's own page in every portal.
account-title = Account and security
account-nav = Your account
account-nav-profile = Profile
account-nav-sign-in = Sign-in name and address
account-nav-devices = Devices
account-nav-preferences = Language and messages
account-about = About you
account-username = Login name
account-username-hint = You can sign in with it instead of your address.
account-person-title = Title
account-to-profile = Edit the rest of your profile
account-image = Picture
account-image-hint = JPEG or PNG, at most 2 MB. Where and when it was taken is removed.
account-image-save = Save the picture
account-email-now = You sign in with { $address }.
account-email-new = New address
account-email-code-lead = If the address is free, six digits are on their way to it. Your present address counts until you enter them.
account-email-code-sent = If { $address } is free, six digits are on their way to it. Your present address counts until you enter them.
account-email-submit = Change the address
account-code = Code of your authenticator app
account-password = Password
account-password-note = Your other devices will be signed out. Your five most recent passwords cannot be used again.
account-mfa = Authenticator app
account-mfa-lead = Beside your password, signing in asks for a code that only your phone shows.
account-mfa-on = Set up
account-mfa-none = Not set up
account-mfa-codes = { $count ->
    [0] No recovery codes are left. Make new ones.
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
}
account-mfa-new-codes = Make new recovery codes
account-mfa-begin = Set up the app
account-mfa-remove = Remove the app
account-mfa-remove-lead = Enter the code your app shows now. If you have just used one, wait for the next.
account-devices = Where you are signed in
account-this-device = This device
account-device-unknown = Unknown device
account-sign-out-there = Sign out there
account-sign-out-everywhere = Sign out everywhere
account-activity = What I did
account-activity-lead = Everything recorded under your name in the last 90 days. If something is not yours, change your password.
login-set-up-qr = QR code for your authenticator app
login-set-up-typed = No camera at hand? Type this key into the app instead.
forgot-first = No password yet? Ask for a new link.
dispute-title = Your address was changed
dispute-lead = If you did not change it, we put your old address back, sign every device out, and you choose a new password.
dispute-submit = It was not me: put it back
nav-account = Account
error-dispute_too_late = This link was used already or is too old. Please write to us.
done-image-saved = Your picture is saved.
done-email-changed = Your new address is in force.
done-password-changed = Your password is changed. Your other devices are signed out.
done-mfa-off = The authenticator app is removed.
done-device-signed-out = The device is signed out.
done-signed-out-everywhere = You are signed out everywhere.

# Teams, invitations, staff, roles: refusals and mails.
error-seat_limit_reached = Every seat of the clinic is taken.
error-invitation_used = This invitation was used already.
error-invitation_expired = This invitation has ended.
error-invitation_cancelled = This invitation was taken back.
error-email_in_other_team = This address belongs to another clinic's team.
error-already_member = There is an account with this address.
error-already_invited = There is a running invitation to this address.
error-owner_protected = The clinic's owner can only be changed by Hairline.
error-self_change = You cannot do this to your own account.
error-no_login = This clinician has no login. Invite them first.
error-has_login = This member has a login and keeps their own profile.
error-work_outstanding = Say first who takes over the open work.
error-taker_unknown = Choose an active member of your team.
error-taker_not_permitted = This member's role does not allow that work.
error-clinician_limit_reached = The clinic has as many clinicians as it can.
error-invitations_too_often = Ten invitations were sent within the last hour. Wait a little.
error-role_unknown = There is no such role for this kind of account.
error-role_locked = This role cannot be changed.
error-role_archived = This role is no longer in use.
error-role_name_fixed = The name of this role cannot be changed.
error-role_name_taken = There is a role of this name.
error-role_in_use = Somebody holds this role or is invited into it.
error-permission_unknown = There is no such permission.
error-permission_not_of_guard = One of these rights does not exist for this kind of account.
error-not_grantable = One of these rights belongs to the top role alone.
error-dependent_permission = Seeing something cannot be taken away while changing it stays.
error-permissions_required = A role needs at least one right.
error-confirm_sensitive = Some of these rights are sensitive. Confirm that they should be given.
error-too_many_grants = So many rights belong into a role of their own.
error-last_super_admin = One active super admin must remain.
error-impersonation_read_only = You are looking through somebody else's eyes: nothing can be changed.
identity-mail-invitation-subject = { $inviter } invites you to { $house }
identity-mail-invitation-text =
    Hello { $name },

    { $inviter } invites you to join { $house } on Hairline. Your role will be: { $role }.

    Open this link to set up your account. It works once, until { $until } (UTC):
    { $link }

    If the page asks for the code of the invitation, it is:
    { $token }

    If you did not expect this mail, you need not do anything.
identity-mail-invitation-message = { $inviter } writes:
role-super-admin = Super admin
role-admin = Admin
role-aftercare-specialist = Aftercare specialist
role-billing-staff = Billing staff
role-support-staff = Support staff
role-provider-owner = Owner
role-provider-manager = Manager
role-provider-clinical = Clinical staff
role-provider-billing = Billing
role-patient = Patient
role-affiliate = Affiliate

# Team, invitations, staff and roles: pages.
nav-team = Team
nav-staff = Hairline's staff
nav-roles = Roles and permissions
nav-clinic-staff = Clinics' staff
team-lead = Who works in your clinic on Hairline, and what they may do.
team-members = Members
team-invitations = Invitations
team-invitations-lead = An invitation works once and for a few days. A running one holds a seat.
team-invite = Invite a colleague
team-add-clinician = Add a clinician without login
team-clinician = Clinician without login
team-clinician-lead = Somebody you name on offers and treatments who does not sign in. Takes no seat.
team-clinician-email = Only for a later invitation.
team-title = Title
team-department = Department
team-seats = Seats used: { $seats }
team-seats-few = Nearly full
team-seats-full = Every seat is taken
team-seats-full-text = Remove a member, take an invitation back, or ask Hairline for more seats.
seats-title = Seats
seats-lead = Every account of your team takes a seat, and so does every invitation that runs.
seats-ask = Ask for more seats
seats-wanted = Seats you would like to have
seats-wanted-hint = All together, up to 500.
seats-note = Why
seats-note-hint = A sentence or two helps us to answer quickly.
seats-asked =
    { $count ->
        [one] You asked for { $count } seat
       *[other] You asked for { $count } seats
    }
seats-asked-text = Hairline looks into it. You are told as soon as the number changes.
seats-room = There is room in your team. You can ask for more once every seat is taken.
seats-owner-asks = The owner of your clinic can ask Hairline for more.
seats-clinic-asks =
    { $count ->
        [one] The clinic asks for { $count } seat
       *[other] The clinic asks for { $count } seats
    }
seats-change = Set the limit
seats-limit = Seats of this clinic
seats-limit-hint = 1 to 500. Nobody loses a seat they have.
seats-below-use = More seats are taken than that. Set it anyway: nobody new can be invited until some are free.
done-seats-asked = Hairline was asked for more seats.
done-seats-changed = The limit is set. The clinic's owner is told.
error-seats_out_of_range = Choose a number between what the clinic has and 500.
error-seats_left = There are seats left.
error-seats_in_use = More seats are taken than that. Nobody loses theirs, but nobody new can be invited.
team-search = Name or e-mail
team-all-roles = All roles
team-all-states = All states
team-csv = Save as CSV
team-name = Name
team-email = E-mail
team-role = Role
team-status = Status
team-seen = Last active
team-workload = Open work
team-active = Active
team-suspended = Suspended
team-no-login = No login
team-alone-title = Only you so far
team-alone-text = Colleagues you invite appear here with their role.
team-email-hint = The invitation goes there; it becomes the login.
team-message = A few words
team-message-hint = Stands in the mail. Optional.
team-send-invitation = Send invitation
team-overview = Overview
team-activity = Activity
team-activity-lead = The last 30 days, newest first.
team-activity-none = Nothing yet
team-activity-none-text = What happens in this account appears here.
team-owner-locked = The owner of the clinic
team-owner-locked-text = Only Hairline can hand the clinic to another owner.
team-self = This is your own account. Somebody else has to change it.
team-about = About
team-joined = Joined
team-suspended-since = Suspended since
team-work = Open work
team-work-none = Nothing has this name on it.
team-give-login = Invite to an account
team-change-role = Change role
team-left = Left
team-planned = A role is planned
team-planned-cancel = Call it off
team-role-quiet = Do not tell the member
team-role-quiet-hint = Then the note must say why.
team-new-role = New role
team-show-difference = Show the difference
team-note = Note
team-note-hint = Optional, at most 250 characters.
team-suspend = Suspend
team-suspend-means = The member is signed out at once
team-suspend-means-text = They cannot sign in until somebody lets them back in. Nothing is lost.
team-reactivate = Let back in
team-remove = Remove
team-remove-means = The member leaves the team
team-remove-means-text = They are signed out at once and can only come back by a new invitation. What they did stays on record.
team-handover = Who takes over
team-handover-text = Every kind of open work needs an answer.
team-choose = Please choose
team-nobody = Nobody yet: leave it without a name
role-hint-provider-manager = Inquiries, quotes, patients, team and the clinic's profile.
role-hint-provider-clinical = Patients, appointments, treatment and aftercare.
role-hint-provider-billing = Quotes, earnings and payouts; no medical data.
work-draft-quotes = Quotes being written
work-appointments = Offers and bookings they lead
work-aftercare-cases = Aftercare cases
invitation-pending-send = On its way
invitation-pending = Waiting
invitation-accepted = Accepted
invitation-expired = Ended
invitation-cancelled = Taken back
invitation-bounced = Not delivered
invitation-came-back = An invitation could not be delivered
invitation-came-back-text = The mail did not get through: { $addresses }. Check the address, then send it again or invite the right one.
invitation-sent = Sent
invitation-until = Ends
invitation-resend = Send again
invitation-cancel = Take back
invitation-none-title = No invitations
invitation-none-text = Invitations you send appear here until they are accepted.
invitation-title = Your invitation
invitation-lead = Open the link of the mail, or paste its code here.
invitation-code = Code of the invitation
invitation-code-hint = It stands at the end of the mail.
invitation-ask-again = Ask whoever invited you to send a new one.
invitation-welcome = Welcome to { $house }
invitation-ends = The invitation ends
invitation-phone = Phone
invitation-phone-optional = Phone (optional)
invitation-submit = Set up my account
error-invitation_unknown = This code opens no invitation.
access-actions = What can be done
access-lead = What every role may do. A change holds from the next click of everybody who has the role.
access-tab-roles = Staff roles
access-tab-users = Staff
access-tab-clinics = Clinic roles
access-kind = Kind
access-rights = Rights
access-reach = Reaches
access-locked = Locked
access-system = Built in
access-custom = Your own
access-clone = Copy
access-archive = Archive
access-new-role = New role
access-new-lead = For Hairline's staff. Clinics have the same four roles everywhere.
access-name = Name
access-description = Description
access-compare = Compare roles
access-compare-lead = Every role beside every other.
access-everything = Everything
access-only-differences = Only differences
access-yes = yes
access-search = Find a right
access-sensitive = sensitive
access-brings = Comes with: { $permission }
access-implied = comes along
access-review = Look at the difference
access-difference = What would change
access-no-change = Nothing would change.
access-nothing = Nothing
access-added = Added
access-removed = Taken away
access-at-once = Holds from the next click of everybody who has the role.
access-confirm-sensitive = Yes, give the sensitive rights too
access-locked-title = This role is fixed
access-locked-text = What it may do cannot be changed.
access-reason = Reason
access-reason-hint = 20 to 500 characters; stays on record.
staff-lead = Accounts of Hairline's own people.
staff-invite = Invite to the staff
staff-invite-lead = The mail holds a link that works once.
staff-lonely = Only one super admin
staff-lonely-text = Give a second person the role before something happens to the first.
staff-last-login = Last sign-in
staff-planned = Planned
staff-from = From when on
staff-from-hint = In UTC. Empty means now; until then the old role holds.
staff-until = Until
staff-until-hint = Empty means until somebody lets them back in.
staff-standing = Access
staff-close = Close account
staff-erase = Erase the name
staff-direct = Rights beside the role
staff-direct-none = None. Rights belong into roles.
staff-direct-edit = Change these rights
staff-direct-means = An exception for one account
staff-direct-means-text = What the role grants stays. What you tick here is added.
staff-trail = What happened
staff-did = did it
staff-was-done = was done to the account
clinic-staff-lead = Everybody who works for a clinic on Hairline.
clinic-staff-search = Name, e-mail or clinic
clinic-staff-clinic = Clinic
clinic-staff-emergency = For emergencies: clinics look after their own teams. Open work stays with the clinic without a name.
clinic-staff-logout = Sign out everywhere
clinic-staff-erase-text = Somebody who left may ask to be forgotten: name, address and number are written over. What they did stays under their number.
clinic-staff-look = See their portal
clinic-staff-look-text = For a quarter of an hour you see the clinic's portal as this member does. You can read but change nothing, and every page you open is recorded under your name.
clinic-staff-owner = Make the owner
clinic-staff-owner-text = The owner until now stays as a manager.
done-invited = The invitation is on its way.
done-invitation-cancelled = The invitation is taken back.
done-clinician-saved = The clinician is saved.
done-role-changed = The role is changed.
done-role-saved = The rights are saved.
done-role-archived = The role is archived.
done-member-suspended = The account is suspended.
done-member-reactivated = The account is active again.
done-member-removed = The member left the team.
done-member-closed = The account is closed.
done-member-erased = The name is erased.
done-member-logged-out = All sessions ended.
done-owner-changed = The clinic has a new owner.
done-joined = Your account is ready. Sign in with your new password.
team-seats-left =
    { $count ->
        [one] One seat is left.
       *[other] { $count } seats are left.
    }
access-accounts =
    { $count ->
        [one] One account
       *[other] { $count } accounts
    }
access-clinics =
    { $count ->
        [one] one clinic
       *[other] { $count } clinics
    }
access-group-patients = Dashboard and patients
access-group-providers = Clinics
access-group-aftercare = Aftercare
access-group-inquiries = Inquiries and quotes
access-group-reviews = Reviews
access-group-billing = Billing
access-group-promotions = Promotions
access-group-affiliates = Affiliates
access-group-analytics = Analytics
access-group-communication = Communication
access-group-travel = Travel
access-group-settings = Settings
access-group-appointments = Appointments
access-group-treatment = Treatment
access-group-finance = Finance
access-group-team = Team
access-group-clinic = Clinic
access-group-other = Other
permission-view-dashboard = See the dashboard
permission-view-patient-overview = See the overview of patients
permission-view-patient = See patients
permission-edit-patient = Edit patients
permission-delete-patient = Close patients' accounts
permission-suspend-patient = Suspend patients
permission-reset-patient-password = Send patients a password code
permission-view-patient-medical = See medical data
permission-view-patient-archive = See archived patients
permission-manage-deletion-request = Decide on deletion requests
permission-view-provider = See clinics
permission-edit-provider = Edit clinics
permission-onboard-provider = Take in new clinics
permission-suspend-provider = Suspend clinics
permission-view-provider-team = See clinics' teams
permission-suspend-provider-user = Suspend and remove clinic staff
permission-impersonate-provider-user = Look through clinic staff's eyes
permission-view-aftercare = See aftercare
permission-manage-aftercare = Manage aftercare
permission-chat-with-patient = Chat with patients
permission-schedule-consultation = Schedule consultations
permission-view-inquiry = See inquiries
permission-view-quote = See quotes
permission-edit-quote = Edit quotes
permission-reassign-provider = Give a case to another clinic
permission-view-review = See reviews
permission-moderate-review = Moderate reviews
permission-add-review = Add reviews
permission-manage-review-category = Manage categories of reviews
permission-view-transaction = See transactions
permission-process-payout = Pay clinics out
permission-issue-refund = Refund payments
permission-view-financial-report = See financial reports
permission-view-patient-billing = See patients' bills
permission-send-payment-reminder = Remind of payments
permission-download-invoice = Download invoices
permission-view-discount = See discounts
permission-create-discount = Create discounts
permission-edit-discount = Edit discounts
permission-track-discount-usage = Follow the use of discounts
permission-manage-campaign-adoption = Manage clinics' part in campaigns
permission-view-affiliate = See affiliates
permission-create-affiliate = Add affiliates
permission-edit-affiliate = Edit affiliates
permission-process-affiliate-payout = Pay affiliates out
permission-view-affiliate-performance = See affiliates' results
permission-view-analytics = See analytics
permission-view-provider-analytics = See clinic analytics
permission-view-financial-analytics = See financial analytics
permission-export-report = Export reports
permission-view-treatment-outcome = See results of treatments
permission-view-support-case = See support cases
permission-respond-support-case = Answer support cases
permission-view-conversation = Read conversations
permission-flag-conversation = Flag conversations
permission-export-conversation = Export conversations
permission-intervene-conversation = Step into conversations
permission-view-unredacted-message = Read messages without masking
permission-view-travel-booking = See travel bookings
permission-manage-travel-setting = Manage travel settings
permission-view-travel-report = See travel reports
permission-view-setting = See settings
permission-edit-setting = Edit settings
permission-edit-auth-policy = Edit sign-in rules
permission-view-sensitive-setting = See sensitive settings
permission-manage-user = Manage staff accounts
permission-manage-role = Manage roles
permission-manage-oauth-client = Manage connected apps
permission-manage-encryption-key = Manage encryption keys
permission-manage-terms = Write legal texts
permission-publish-terms = Publish legal texts
permission-manage-content = Manage pages and articles
permission-manage-app-data = Manage lists of the app
permission-manage-language = Manage languages
permission-manage-treatment-catalog = Manage the catalogue of treatments
permission-manage-aftercare-template = Manage aftercare templates
permission-manage-notification-template = Manage notification texts
permission-view-notification-log = See sent notifications
permission-configure-payment-setting = Set up payments
permission-manage-help-centre = Manage the help centre
permission-view-audit-log = See the audit log
permission-export-audit-log = Export the audit log
permission-create-quote = Write quotes
permission-manage-quote-acceptance = Handle accepted quotes
permission-view-passport = See passports
permission-message-patient = Write to patients
permission-view-appointment = See appointments
permission-create-appointment = Make appointments
permission-edit-appointment = Change appointments
permission-cancel-appointment = Cancel appointments
permission-view-calendar = See the calendar
permission-view-treatment-case = See treatment cases
permission-document-treatment = Document treatments
permission-update-treatment-status = Change the state of treatments
permission-view-treatment-history = See past treatments
permission-manage-aftercare-plan = Manage aftercare plans
permission-view-progress-report = See progress reports
permission-view-financial-dashboard = See earnings
permission-view-payout = See payouts
permission-manage-bank-detail = Change bank details
permission-view-team = See the team
permission-invite-team-member = Invite colleagues
permission-edit-team-role = Change colleagues' roles
permission-view-team-activity = See colleagues' activity
permission-remove-team-member = Suspend and remove colleagues
permission-view-profile = See the clinic's profile
permission-edit-profile = Edit the profile
permission-manage-treatment-offering = Manage treatments and prices
permission-manage-promotion = Manage promotions
permission-respond-review = Answer reviews
permission-request-provider-deletion = Ask to close the clinic
permission-create-inquiry = Ask for quotes
permission-cancel-inquiry = Cancel a request
permission-accept-quote = Accept quotes
permission-make-payment = Pay
permission-cancel-booking = Cancel bookings
permission-submit-travel-detail = Give travel details
permission-message-provider = Write to clinics
permission-log-aftercare = Report on recovery
permission-write-review = Write reviews
permission-request-account-deletion = Ask to close the account

# What staff set going for an account.
access-reset-password = Send a code for a new password
access-demand-password = Demand a new password
access-mfa-reset = Reset the authenticator app
done-password-code-sent = A code is on its way to the account's address.
done-password-demanded = The account must choose a new password at its next sign-in.
done-mfa-reset = The authenticator app is reset: it is set up anew at the next sign-in.
activation-title = Open your affiliate account
activation-lead = Open the link of the mail, or paste its code here.
activation-have = I have a password already
activation-welcome = Welcome, { $name }
activation-ends = The link ends
activation-submit = Open the account
activation-used-title = Your account is open already
activation-used-text = Sign in with the password you chose.
activation-expired-title = This link has ended
activation-expired-text = For your safety it lives for 24 hours. We gladly send you a new one.
done-activated = Your account is open. Sign in with your new password.
error-activation_used = This account is open already. Sign in.
error-activation_expired = This link has ended. Ask for a new one.
identity-mail-activation-subject = Open your Hairline affiliate account
identity-mail-activation-text =
    Hello { $name },

    an affiliate account at Hairline is ready for you. Open this link, choose a password and you are in. It works once, until { $until } (UTC):
    { $link }

    If the page asks for the code of the invitation, it is:
    { $token }

    If you did not expect this mail, you need not do anything.
discovery-question = How did you hear of us?
discovery-later = I would rather not say
discovery-search-engine = A search engine
discovery-social-media = Social media
discovery-friend-or-family = Friends or family
discovery-affiliate-or-partner = A partner of yours
discovery-clinic = A clinic
discovery-other = Somewhere else
login-no-app = Your phone is not at hand?
login-recovery-code = Recovery code
patient-devices = Where the patient is signed in
patient-devices-none = Nowhere now
patient-devices-none-text = Every sign-in that still holds is listed here.
link-code = Code of the link
link-code-hint = What stands behind # in the link of the mail.
patient-held = Hidden from all clinics
patient-hold = Hide from clinics
patient-hold-lift = Show to clinics again
patient-hold-text = Clinics, those that treat the patient included, read the patient code only until this is lifted.
done-patient-held = Clinics read the patient code only.
done-patient-released = Clinics read again what their own case opens.
link-ask-new = Ask for a new link

# What the API answers in words.
api-registered = We sent a code to this address. It opens the account.
api-code-on-its-way = If there is an account with this address, a code is on its way.
api-link-on-its-way = If a first password is still to be set, a link is on its way.
