## Refusals of the catalogue.

error-treatment_not_offered = Your clinic does not offer this treatment.
error-package_not_available = One of the packages is not available.
error-questionnaire_unavailable = The medical questionnaire is not available at the moment.
error-invalid_currency = This is not a currency we trade in.
error-invalid_amount = Enter an amount such as 1250.00.
