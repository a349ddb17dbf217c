# Ortak sözler: her alanın verebileceği hatalar, tarihler, durumlar, düğmeler.

error-key_in_use = Hâlâ gerekli olan bir anahtar yapılandırmadan çıkarılmış.
error-not_found = Burada bir şey yok.
error-forbidden = Bunu yapmaya yetkiniz yok.
error-unauthenticated = Devam etmek için giriş yapın.
error-rate_limited = Çok fazla deneme yapıldı. Biraz bekleyip yeniden deneyin.
error-internal = Bizim tarafımızda bir sorun oluştu.
error-stale_version = Bu kayıt bu arada değişti. Yeniden yükleyip değişikliğinizi tekrarlayın.
error-malformed = Bu isteği okuyamadık.
error-validation_failed = Bazı alanları düzeltmeniz gerekiyor.
error-csrf_failed = Bu sayfa çok uzun süre açık kaldı. Yeniden yükleyip yaptığınızı tekrarlayın.
error-body_too_large = Bu, bir seferde kabul ettiğimizden fazla.
error-decryption_failed = Kayıtlı bir değer okunamadı. Destek ekibimiz yardımcı olacaktır.
error-audit_unavailable = Bu işlem şu anda kaydedilemediği için yapılmadı. Birazdan yeniden deneyin.
error-method_not_allowed = Bu burada yapılamaz.
error-already_resolved = Bununla zaten ilgilenildi.
error-gateway_unreachable = Ödeme hizmeti yanıt vermiyor. Hiçbir tutar çekilmedi; birazdan yeniden deneyin.
error-mail_refused = E-posta sunucusu bu adresi reddediyor.
error-mail_unavailable = E-posta sunucusu yanıt vermiyor. Birazdan yeniden deneyin.
error-unknown_setting = Bu ayarlar aynı gruba ait değil.
error-busy = Aynı anda çok fazla değişiklik var. Yeniden deneyin.
error-not_allowed = Bu işlem burada yapılamaz.
error-payload_too_large = Gönderilen veri çok büyük.
error-unavailable = Bu şu anda mümkün değil. Kısa süre sonra yeniden deneyin.
error-idempotency_key_reused = Bu anahtar başka bir istek için kullanılmış.
error-request_in_progress = Aynı istek hâlâ işleniyor.
error-media_type_invalid = Bu dosya türü burada kabul edilmiyor.
error-media_size_exceeded = Dosya çok büyük.
error-media_unreadable = Dosya bozuk veya okunamıyor.
error-media_too_long = Video çok uzun.
error-media_quality_insufficient = Fotoğraf çok küçük veya yeterince net değil. Lütfen yeniden çekin.
error-media_quality_insufficient-too_small = Resim çok küçük. Lütfen ekran görüntüsü ya da önizleme değil, kameranın tam boyutunu kullanın.
error-media_quality_insufficient-not_sharp = Resim net değil. Lütfen iyi ışıkta, kıpırdamadan yeniden çekin.
error-media_size_exceeded-too_many_pixels = Resimde okuyabileceğimizden çok piksel var. Lütfen kamerada daha küçük bir boyut seçin.
error-media_size_exceeded-together = Beş resim birlikte çok büyük. Lütfen kamerada daha küçük bir boyut seçin.

field-required = Bu alan zorunludur.
field-unknown = Bu alan tanınmıyor.
field-invalid = Bu değer geçerli değil.

month-1 = Ocak
month-2 = Şubat
month-3 = Mart
month-4 = Nisan
month-5 = Mayıs
month-6 = Haziran
month-7 = Temmuz
month-8 = Ağustos
month-9 = Eylül
month-10 = Ekim
month-11 = Kasım
month-12 = Aralık

time-date = { $day } { $month } { $year }
time-datetime = { $date } { $time }
time-now = az önce
time-minutes-ago = { $count } dakika önce
time-hours-ago = { $count } saat önce
time-days-ago = { $count ->
    [one] dün
   *[other] { $count } gün önce
}
time-in-minutes = { $count } dakika içinde
time-in-hours = { $count } saat içinde
time-in-days = { $count ->
    [one] yarın
   *[other] { $count } gün içinde
}

language-en = İngilizce
language-tr = Türkçe

# Keys.
encryption-title = Şifreleme anahtarları
encryption-lead = Eski anahtarlarla yazılanlar, herkes çalışmaya devam ederken güncel anahtarla yeniden yazılır.
encryption-state = Durum
encryption-running = Sürüyor
encryption-done = Güncel
encryption-waiting = Eski anahtarlar kullanımda
encryption-previous = Tanımlı eski anahtarlar
encryption-done-count = Son çalışmada yeniden şifrelenen değerler
encryption-left = Eski anahtarlardaki değerler
encryption-failed = Hiçbir anahtarın okuyamadığı değerler
encryption-rotate = Şimdi yeniden şifrele
encryption-removable = Artık hiçbir değer eski bir anahtara ihtiyaç duymuyor.
encryption-needed = Eski anahtarları saklayın: hâlâ ihtiyaç duyan değerler var.
encryption-columns = Eski anahtarların kullanıldığı yerler
encryption-none = Hiçbir yerde
encryption-none-text = Mühürlü her değer güncel anahtarla yazılmış.
done-rotation-started = Yeniden şifreleme arka planda çalışıyor.
weekday-short-1 = Pt
weekday-short-2 = Sa
weekday-short-3 = Ça
weekday-short-4 = Pe
weekday-short-5 = Cu
weekday-short-6 = Ct
weekday-short-7 = Pz
