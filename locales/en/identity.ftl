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
