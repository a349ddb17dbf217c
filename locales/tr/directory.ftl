# Aramada veya klinikte ne ters gidebilir.
error-query_too_long = Bu arama çok uzun.
error-clinic_left = Bu klinik artık Hairline ile çalışmıyor.
error-provider_suspended = Kliniğiniz askıya alındı: okuyabilir ama değiştiremezsiniz.
error-media_state = Görselin bu durumunda bu yapılamaz. Yayındaysa önce gizleyin.
field-consent_missing = Hasta yayına izin vermedi veya iznini geri aldı.
field-treatment_unknown = Listeden bir tedavi seçin.
field-too_long = Bu çok uzun.
error-consent_missing = Hasta iznini geri aldı.
