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
