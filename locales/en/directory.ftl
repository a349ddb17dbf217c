# What can be wrong with a search or a clinic.
error-query_too_long = This search is too long.
error-clinic_left = This clinic is no longer with Hairline.
error-provider_suspended = Your clinic is suspended: you can read but not change.
