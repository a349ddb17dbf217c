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
error-phone_taken = A colleague has this number.
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
