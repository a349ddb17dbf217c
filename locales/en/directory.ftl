# What can be wrong with a search or a clinic.
error-query_too_long = This search is too long.
error-clinic_left = This clinic is no longer with Hairline.
error-provider_suspended = Your clinic is suspended: you can read but not change.
error-media_state = This cannot be done with the picture as it stands. Hide it first if it is published.
field-consent_missing = The patient did not agree to publication, or took that back.
field-treatment_unknown = Choose a treatment from the list.
field-too_long = This is too long.
error-consent_missing = The patient took the consent back.
