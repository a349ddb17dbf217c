# Hesapla ilgili e-postalar.
identity-mail-code-subject = Hairline kodunuz
identity-mail-code-text =
    Kodunuz: { $code }.

    Kod { $minutes } dakika geçerlidir ve bir kez kullanılabilir. Bu kodu siz istemediyseniz bu e-postayı dikkate almayın.
identity-mail-attempt-subject = Zaten bir Hairline hesabınız var
identity-mail-attempt-text =
    Merhaba { $name },

    Biri sizin e-posta adresinizle Hairline'a kaydolmaya çalıştı. Zaten bir hesabınız olduğu için hiçbir şey değişmedi. Bu siz iseniz şifrenizle giriş yapın. Değilseniz bir şey yapmanız gerekmez.

# Giriş veya kayıtta neler ters gidebilir.
error-invalid_credentials = E-posta veya şifre yanlış.
error-account_locked = Çok fazla yanlış deneme. Bu giriş bir süreliğine kilitlendi.
error-ip_blocked = Ağınızdan çok fazla başarısız giriş yapıldı. Daha sonra yeniden deneyin.
error-email_unverified = Önce e-posta adresinizi doğrulayın.
error-account_suspended = Bu hesap askıya alındı.
error-account_deactivated = Bu hesap kapatıldı.
error-membership_removed = Artık bu kliniğin ekibinde değilsiniz.
error-provider_inactive = Bu klinik artık Hairline ile çalışmıyor.
error-code_invalid = Bu kod yanlış veya artık geçerli değil.
error-code_too_often = Yeni bir kod istemeden önce biraz bekleyin.
error-session_revoked = Bu oturum sona erdi. Yeniden giriş yapın.
error-profile_incomplete = Önce profilinizi tamamlayın.
error-patient_not_eligible = Bu hesap teklif isteyemez.
error-consent_required = Önce tıbbi verilerinizin işlenmesine ve kliniklerle paylaşılmasına onay verin.
error-consent_mandatory = Bu onay hesaba bağlıdır ve ancak hesapla birlikte sona erer.
error-consent_in_use = Devam eden bir rezervasyon bu onayı gerektiriyor.
error-justification_required = Önce bu hastanın tıbbi verilerine neden ihtiyaç duyduğunuzu belirtin.
error-reauth_required = Önce siz olduğunuzu doğrulayın.
error-wrong_guard = Bu hesabın burada yetkisi yok.
error-mfa_already_on = Bir doğrulama uygulaması zaten kurulu.

# Kayıt ve hastanın profili.
signup-title = Hesabınızı oluşturun
signup-step-1 = 3 adımdan 1.
signup-step-2 = 3 adımdan 2.
signup-step-3 = 3 adımdan 3.
signup-lead = Ücretsizdir ve siz rezervasyon yapana dek kimse adınızı görmez.
signup-first-name = Ad
signup-last-name = Soyad
signup-email = E-posta
signup-password-again = Parola (yeniden)
signup-terms = Koşulları kabul ediyorum ve gizlilik politikasını okudum.
signup-submit = Hesap oluştur
signup-known = Hesabınız var mı?
signup-verify-title = E-postanıza bakın
signup-verify-lead = Adresinize altı hane gönderdik. Sizin olduğunu kanıtlamak için buraya girin.
signup-code = Kod
signup-resend = Yeni kod gönder
profile-choose = Lütfen seçin
profile-country = Ülke
profile-phone-hint = Ülke koduyla, örneğin +90 532 000 00 00
profile-complete-title = Sizin hakkınızda
profile-complete-hello = Hoş geldiniz { $name }
profile-complete-lead = Klinikler teklif vermek için buna ihtiyaç duyar. Adınızı değil, bir kod görürler.
profile-complete-submit = Bitir
profile-later = Daha sonra
profile-consents = Onaylarınız
profile-consents-hint = Bu ikisi olmadan hiçbir klinik size yanıt veremez. Her zaman geri alabilirsiniz.
profile-incomplete-title = Profiliniz tamamlanmadı
profile-incomplete-text = Kliniklere sormadan önce cinsiyet, doğum günü, telefon ve ülke gereklidir.
profile-about = Sizin hakkınızda
profile-display = Görünüm ve çıkış
consent-ask-medical-data-processing = Hairline tedavimi bulmak ve düzenlemek için tıbbi verilerimi işleyebilir.
consent-ask-provider-data-sharing = Hairline yanıtlarımı ve resimlerimi sorduğum kliniklerle bir kod altında paylaşabilir.
consent-granted = Verildi
consent-not-granted = Verilmedi
consent-grant = Ver
consent-withdraw = Geri al
consent-withdraw-text = Şimdiye dek yapılanlar geçerli kalır. Bazı şeyler artık mümkün olmaz.
consent-terms = Koşullar
consent-privacy-policy = Gizlilik politikası
consent-medical-data-processing = Tıbbi verilerin işlenmesi
consent-provider-data-sharing = Kliniklerle paylaşım
consent-photo-publication = Resimlerin yayımlanması
consent-analytics = İstatistik
consent-marketing = Haberler
consent-monitoring-share = Konuşmaların destekle paylaşımı
consent-text-terms = Hesabınıza aittir.
consent-text-privacy-policy = Hesabınıza aittir.
consent-text-medical-data-processing = Tedavinizi bulmak ve düzenlemek için yanıtlarınız, resimleriniz ve tedavi verileriniz.
consent-text-provider-data-sharing = Sorduğunuz klinikler yanıtlarınızı ve resimlerinizi bir kod altında görür.
consent-text-photo-publication = Klinikler öncesi ve sonrası resimlerinizi gösterebilir.
consent-text-analytics = Hairline'ı nasıl kullandığınız, adınız olmadan.
consent-text-marketing = Klinikler ve tedaviler hakkında ara sıra bir e-posta.
consent-text-monitoring-share = Yardım istediğinizde destek konuşmayı okuyabilir.
done-verified = Adresiniz doğrulandı. Hoş geldiniz.
done-code-sent = Yeni kod yolda.
done-profile-saved = Profiliniz kaydedildi.
done-consent-saved = Seçiminiz kaydedildi.

# Proof of identity before a sensitive change.
confirm-title = Siz olduğunuzu doğrulayın
confirm-lead = Parolanızı girin. Değiştirmek üzere olduğunuz şeyi korur.
confirm-lead-mfa = Parolanızı ve kimlik doğrulama uygulamanızdaki kodu girin.
confirm-code-lead = Adresinize altı haneli bir kod gönderdik. Buraya girin.
confirm-by-code = Bunun yerine bana bir kod gönder
error-proof_invalid = Doğru değildi. Girdiklerinizi kontrol edip yeniden deneyin.

# Şifreler: unutulan, ilk kez belirlenen, değiştirilen.
identity-mail-reset-subject = Yeni şifre kodunuz
identity-mail-reset-text =
    Kodunuz: { $code }.

    Bu kodla yeni bir şifre seçebilirsiniz. { $minutes } dakika geçerlidir ve bir kez kullanılabilir. Siz istemediyseniz bu e-postayı görmezden gelebilirsiniz: şifreniz olduğu gibi kalır.
identity-mail-link-subject = Hairline şifrenizi belirleyin
identity-mail-link-text =
    Şifrenizi belirlemek için bu bağlantıyı açın:

    { $link }

    24 saat geçerlidir ve bir kez kullanılabilir.
login-forgot = Şifrenizi mi unuttunuz?
forgot-title = Şifrenizi mi unuttunuz?
forgot-lead = Adresinizi yazın. Bu adresle bir hesap varsa size bir kod göndeririz.
forgot-submit = Kodu gönder
forgot-back = Girişe dön
forgot-other = Başka bir adres kullan
forgot-code-title = E-postanıza bakın
forgot-code-lead = { $address } adresiyle bir hesap varsa altı haneli bir kod yola çıktı. Kodu buraya girin.
forgot-new-title = Yeni bir şifre seçin
forgot-new-lead = Diğer tüm cihazlardaki oturumlarınız kapatılacak.
forgot-new-demanded = Devam etmeden önce hesabınız için yeni bir şifre gerekiyor.
forgot-new-submit = Şifreyi kaydet
set-password-lead = Bundan sonra giriş yaparken kullanacağınız şifreyi seçin.
set-password-link-title = Şifreniz için yeni bağlantı
set-password-link-lead = Bağlantılar 24 saat geçerlidir ve bir kez kullanılabilir. Adresinizi yazın. Orada henüz ilk şifre belirlenmediyse yeni bir bağlantı göndeririz.
set-password-link-submit = Yeni bağlantı gönder
password-new = Yeni şifre
password-current = Şu anki şifre
password-rules = Bir şifrede olması gerekenler
password-rule-length = En az 12 karakter
password-rule-upper = Bir büyük harf
password-rule-lower = Bir küçük harf
password-rule-digit = Bir rakam
password-rule-special = ! veya ? gibi bir özel karakter
error-password_reused = Bu şifreyi kısa süre önce kullandınız. Başka bir şifre seçin.
error-reset_too_late = Bunun için süre doldu. Yeni bir kod isteyin.
error-link_too_late = Bu bağlantı kullanılmış veya eskimiş. Yeni bir bağlantı isteyin.
error-account_cannot_reset = Bu hesabın sıfırlanacak bir şifresi yok.
done-password-reset = Yeni şifreniz kaydedildi.
done-password-set = Şifreniz belirlendi. Artık giriş yapabilirsiniz.
done-link-sent = İlk şifre henüz belirlenmediyse bir bağlantı yola çıktı.

# Hesabın adresi, cihazları ve doğrulama uygulaması.
identity-mail-moved-subject = Hairline hesabınızın adresi değişti
identity-mail-moved-text =
    Hairline hesabınızın e-posta adresi değiştirildi. Bundan sonra giriş için yeni adres kullanılacak, bu adres artık geçerli değil.

    Bunu siz yapmadıysanız 72 saat içinde bu bağlantıyı açın. Bağlantı bu adresi geri getirir, tüm cihazlardaki oturumları kapatır ve yeni bir şifre seçmenizi sağlar:

    { $link }
error-email_unchanged = Bu zaten sizin adresiniz.
error-email_taken = Bu adresle zaten bir hesap var.
error-mfa_enforced = Hesabınız için bir doğrulama uygulaması gerekli.
error-self_change = Bunu sizin için başka bir süper yönetici yapmalı.
error-phone_taken = Bu numara bir meslektaşınızda kayıtlı.
error-title_invalid = En fazla 50 karakter, tek satırda.

# Bir kişi veya hesap alanında yanlış olabilecekler.
field-name_length = 2 ile 50 karakter arasında yazın.
field-name_invalid = Yalnızca harf, boşluk, tire, kesme işareti ve nokta; ilk karakter harf olmalı.
field-email_invalid = Bu bir e-posta adresi değil.
field-username_invalid = 3 ile 30 arasında küçük harf, rakam, nokta, alt çizgi veya tire.
field-username_taken = Bu ad alınmış.
field-password_too_short = En az 12 karakter.
field-password_too_long = Çok uzun: en fazla 72 bayt.
field-password_invalid = Şifrede bu karakter kullanılamaz.
field-password_no_upper = En az bir büyük harf.
field-password_no_lower = En az bir küçük harf.
field-password_no_digit = En az bir rakam.
field-password_no_special = ! veya ? gibi en az bir özel karakter.
field-password_mismatch = İki giriş birbirinden farklı.
field-birthday_out_of_range = 18 ile 100 yaş arasında olmanız gerekir.
field-phone_invalid = Numarayı + ve 7 ile 15 arası rakamla yazın.
field-phone_country_unknown = Bu ülke koduna hizmet vermiyoruz.
field-country_unknown = Listeden bir ülke seçin.
field-location_invalid = En fazla 100 karakter, tek satırda.
field-field_not_writable = Bu burada değiştirilemez.

# Her portalda hesabın kendi sayfası.
account-title = Hesap ve güvenlik
account-open = Hesap ve güvenliği aç
account-from-profile = Şifreniz, e-posta adresiniz ve oturumunuzun açık olduğu cihazlar.
account-about = Hakkınızda
account-username = Kullanıcı adı
account-username-hint = Adresiniz yerine bununla da giriş yapabilirsiniz.
account-person-title = Unvan
account-to-profile = Profilinizin geri kalanını düzenleyin
account-image = Fotoğraf
account-image-hint = JPEG veya PNG, en fazla 2 MB. Nerede ve ne zaman çekildiği silinir.
account-image-save = Fotoğrafı kaydet
account-email-now = { $address } ile giriş yapıyorsunuz.
account-email-new = Yeni adres
account-email-code-lead = Adres boştaysa altı haneli bir kod yola çıktı. Kodu girene kadar şu anki adresiniz geçerlidir.
account-email-submit = Adresi değiştir
account-code = Doğrulama uygulamanızın kodu
account-password = Şifre
account-password-note = Diğer cihazlarınızdaki oturumlar kapatılacak. Son beş şifreniz yeniden kullanılamaz.
account-mfa = Doğrulama uygulaması
account-mfa-lead = Giriş yaparken şifrenizin yanında yalnızca telefonunuzda görünen bir kod istenir.
account-mfa-on = Kurulu
account-mfa-none = Kurulu değil
account-mfa-codes = { $count ->
    [0] Kurtarma kodunuz kalmadı. Yenilerini oluşturun.
   *[other] { $count } kurtarma kodunuz kaldı.
}
account-mfa-new-codes = Yeni kurtarma kodları oluştur
account-mfa-begin = Uygulamayı kur
account-mfa-remove = Uygulamayı kaldır
account-mfa-remove-lead = Uygulamanızda şu an görünen kodu girin. Az önce bir kod kullandıysanız bir sonrakini bekleyin.
account-devices = Oturumunuzun açık olduğu yerler
account-this-device = Bu cihaz
account-device-unknown = Bilinmeyen cihaz
account-sign-out-there = O cihazda oturumu kapat
account-sign-out-everywhere = Her yerde oturumu kapat
login-set-up-qr = Doğrulama uygulamanız için QR kodu
login-set-up-typed = Kameranız yok mu? Bunun yerine bu anahtarı uygulamaya yazın.
forgot-first = Henüz şifreniz yok mu? Yeni bir bağlantı isteyin.
dispute-title = Adresiniz değiştirildi
dispute-lead = Bunu siz yapmadıysanız eski adresinizi geri koyarız, tüm cihazlardaki oturumları kapatırız ve yeni bir şifre seçersiniz.
dispute-submit = Ben yapmadım: geri al
nav-account = Hesap
error-dispute_too_late = Bu bağlantı kullanılmış veya eskimiş. Lütfen bize yazın.
done-image-saved = Fotoğrafınız kaydedildi.
done-email-changed = Yeni adresiniz geçerli.
done-password-changed = Şifreniz değiştirildi. Diğer cihazlarınızdaki oturumlar kapatıldı.
done-mfa-off = Doğrulama uygulaması kaldırıldı.
done-device-signed-out = Cihazdaki oturum kapatıldı.
done-signed-out-everywhere = Her yerde oturumunuz kapatıldı.
