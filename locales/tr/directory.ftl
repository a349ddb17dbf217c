# Aramada veya klinikte ne ters gidebilir.
error-query_too_long = Bu arama çok uzun.
error-clinic_left = Bu klinik artık Hairline ile çalışmıyor.
error-provider_suspended = Kliniğiniz askıya alındı: okuyabilir ama değiştiremezsiniz.
