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
signup-password-hint = At least 12 characters with upper and lower case, a digit and a special character.
signup-password-again = Password again
signup-terms = I accept the terms and have read the privacy policy.
signup-submit = Create account
signup-known = Already have an account?
signup-verify-title = Check your mail
signup-verify-lead = We sent six digits to your address. Enter them here to prove it is yours.
signup-code = Code
signup-resend = Send a new code
profile-choose = Please choose
profile-country = Country
profile-phone-hint = With the country code, like +44 7700 900123
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
error-self_change = Another super admin has to do this for you.
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
account-open = Open account and security
account-from-profile = Password, e-mail address and the devices you are signed in on.
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
account-email-submit = Change the address
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
