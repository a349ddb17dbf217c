## Refusals of the catalogue.

error-treatment_not_offered = Kliniğiniz bu tedaviyi sunmuyor.
error-package_not_available = Paketlerden biri kullanılamıyor.
error-questionnaire_unavailable = Sağlık formu şu anda kullanılamıyor.
error-invalid_currency = Bu para birimiyle işlem yapmıyoruz.
error-invalid_amount = 1250.00 gibi bir tutar girin.
