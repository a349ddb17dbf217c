## Refusals of the catalogue.

error-treatment_not_offered = Your clinic does not offer this treatment.
error-package_not_available = One of the packages is not available.
error-questionnaire_unavailable = The medical questionnaire is not available at the moment.
error-invalid_currency = This is not a currency we trade in.
error-invalid_amount = Enter an amount such as 1250.00.

## The standard medical questionnaire; sets that staff write keep their own words.

question-cardiovascular = Do you have or have you had heart or cardiovascular disease?
question-diabetes = Do you have diabetes?
question-hepatitis = Have you been diagnosed with hepatitis B or C?
question-hiv = Have you been diagnosed with HIV or AIDS?
question-bleeding = Do you have a bleeding disorder?
question-blood-clots = Have you had blood clots or deep vein thrombosis?
question-medicine-allergy = Are you allergic to any medicine or anaesthetic?
question-other-allergy = Do you have any other allergy, such as food or latex?
question-respiratory = Do you have asthma or another respiratory disease?
question-hypertension = Do you have high blood pressure?
question-implanted-device = Do you have a pacemaker or another implanted device?
question-arthritis = Do you have arthritis or a disease of the joints?
question-neurological = Do you have a neurological condition, such as epilepsy?
question-kidney = Do you have a kidney disease?
question-cancer = Have you ever been treated for cancer?
question-digestive = Do you have a disease of the stomach, liver or bowel?
question-mental-health = Have you been treated for a mental health condition?
question-surgery = Have you had any surgery before?
question-pregnancy = Are you pregnant or breastfeeding?
question-medication = Do you take any medication regularly?
question-other = Is there any other condition a surgeon should know of?
question-details = Please give the details a surgeon should know.
