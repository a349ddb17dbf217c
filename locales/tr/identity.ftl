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
signup-password-hint = En az 12 karakter; büyük ve küçük harf, rakam ve özel karakter içermeli.
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

# Kişiler adına çalışan programlar: onay, yetkiler, anahtarlar, istemciler.
oauth-consent-title = { $client } sizin adınıza işlem yapmak istiyor
oauth-consent-lead = İzin verirseniz { $client } Hairline hesabınızla şunları yapabilir:
oauth-consent-limits = Parolanızı hiçbir zaman görmez ve sizin yapabildiğinizden fazlasını yapamaz. { $host } adresine geri gönderilirsiniz.
oauth-allow = İzin ver
oauth-deny = İzin verme
oauth-refused-title = Bu bağlantı kullanılamıyor
oauth-refused-client = Sizi buraya gönderen program kayıtlı değil ya da sonlandırılmış.
oauth-refused-redirect = Program sizi kendisine ait olmayan bir adrese geri istiyor. Sizi oraya göndermiyoruz.
oauth-refused-request = Sizi buraya gönderen program anlamadığımız bir istekte bulundu.
oauth-refused-hint = Bu sayfayı kapatabilirsiniz. Yeniden olursa programı yapan kişiye bildirin.
login-onward-title = Oturumunuz açıldı
login-onward-text = Sonraki sayfa kendiliğinden açılır.
scope-all = Sizin yapabildiğiniz her şey
scope-read-settings = Ayarları görmek
scope-write-settings = Ayarları değiştirmek
scope-read-profile = Profilinizi ve bildirimlerinizi görmek
scope-write-profile = Profilinizi değiştirmek
scope-read-patients = Hastaları görmek
scope-write-patients = Hasta bilgilerini değiştirmek
scope-read-inquiries = Talepleri ve yanıtlarını görmek
scope-write-inquiries = Talep göndermek ve değiştirmek
scope-read-quotes = Teklifleri görmek
scope-write-quotes = Teklif hazırlamak, değiştirmek ve kabul etmek
scope-read-treatments = Randevuları, tedavileri ve sonrası bakımı görmek
scope-write-treatments = Tedavileri ve sonrası bakımı kaydetmek
scope-read-payments = Ödemeleri ve belgeleri görmek
scope-write-payments = Ödeme yapmak
scope-read-messages = Mesajları okumak
scope-write-messages = Mesaj yazmak
scope-read-providers = Klinikleri, fiyatları ve yorumları görmek
scope-write-providers = Fiyatları değiştirmek ve yorumları yanıtlamak
scope-read-reports = Raporları görmek
scope-write-reports = Rapor hazırlamak
error-token_invalid = Bu anahtar hiçbir şey açmıyor.
error-token_expired = Bu anahtarın süresi doldu. Yenileyin.
error-insufficient_scope = Bu anahtar istenen işlemi kapsamıyor.
error-scope_refused = Bunun için izin verilmedi.
error-too_many_tokens = Elli anahtarınız var. Artık gerekmeyen birini iptal edin.
error-token_name = En fazla 100 karakterlik bir ad verin.
error-token_days = Bir anahtar 1 ile 90 gün arasında geçerli olur.
error-scopes_missing = En az birini seçin.
error-scope_unknown = Böyle bir yetki yok.
error-scope_first_party = Yalnızca kendi programlarımız her şeyi isteyebilir.
error-client_name = 2 ile 100 karakter arasında bir ad verin.
error-too_many_redirects = En fazla on adres.
error-redirect_unsafe = Joker karakter ve # içermeyen tam https:// adresleri verin; http:// yalnızca bu bilgisayar için.
error-password_grant_refused = Yalnızca gizli anahtar saklayabilen kendi programlarımız parola isteyebilir.
error-client_built_in = Bu istemci programın parçasıdır ve olduğu gibi kalır.
error-client_revoked = Bu istemci sonlandırıldı.
error-client_public = Bu istemcinin gizli anahtarı yok.
