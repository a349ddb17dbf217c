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

# A patient's account, handled by staff.
patient-account = Hesap
patient-correct = Profili düzelt
patient-correct-text = Hastaya hangi alanların değiştiği bildirilir. Tıbbi yanıtlar ve fotoğraflar burada asla değiştirilmez.
patient-reason = Gerekçe
patient-reason-hint = 20 ila 500 karakter
patient-access = Erişim
patient-unlock = Yanlış parola kilidini kaldır
patient-suspend = Askıya al
patient-suspend-term = Ne kadar süre
suspend-term-30d = 30 gün
suspend-term-90d = 90 gün
suspend-term-permanent = Kaldırılana kadar
patient-reactivate = Hastayı yeniden içeri al
patient-close = Hesabı kapat
patient-close-text = Hasta artık giriş yapamaz. Hiçbir şey silinmez; bir süper yönetici hesabı yeniden açabilir.
done-patient-suspended = Hasta askıya alındı ve her yerde oturumu kapatıldı.
done-patient-reactivated = Hasta yeniden giriş yapabilir.
done-patient-closed = Hesap kapatıldı.
done-patient-unlocked = Kilit kaldırıldı.
done-patient-corrected = Profil düzeltildi, hastaya bildirildi.

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

# Kişisel anahtarların ve OAuth istemcilerinin sayfaları.
nav-api-tokens = API anahtarları
tokens-title = API anahtarları
tokens-lead = Kendi betikleriniz için anahtarlar. Bir anahtar, seçtiğiniz sınırlar içinde sizin adınıza çalışır.
tokens-yours = Anahtarlarınız
tokens-none = Henüz anahtar yok
tokens-none-text = Bir betiğinizin Hairline'a ulaşması gerektiğinde aşağıdan bir tane oluşturun.
tokens-signed = imzalı
tokens-never-used = hiç kullanılmadı
tokens-used = Son kullanım
tokens-ends = { $date } tarihinde biter
tokens-days = { $days } gün
tokens-revoke = İptal et
tokens-revoke-text = Onu kullanan betikler hemen reddedilir.
tokens-new = Yeni anahtar
tokens-new-text = Yalnızca bir kez gösterilir. Betiğe ne kadar az yetki yeterse o kadarını seçin.
tokens-name = Ad
tokens-name-hint = Sonradan ne için olduğunu bilmeniz için.
tokens-life = Geçerlilik süresi
tokens-scopes = Yapabilecekleri
tokens-create = Anahtar oluştur
tokens-made = Yeni anahtarınız
tokens-made-text = Şimdi kopyalayın. Bir daha gösterilmez.
secret-kept = Sakladım
done-token-revoked = Anahtar iptal edildi.
clients-title = Erişimi olan programlar
clients-lead = OAuth istemcileri: kişiler adına ya da kendi adına çalışan programlar.
clients-new = Program kaydet
clients-new-lead = Kişiler, kendi adlarına işlem yapmasına izin verip vermeyecekleri sorulduğunda bu adı görür.
clients-register = Kaydet
client-name = Ad
client-name-hint = Kişilerin bildiği haliyle.
client-guard = Kimin hesapları
client-guard-api = Hairline ekibi
client-guard-provider = Klinikler
client-guard-patient = Hastalar
client-guard-affiliate = İş ortakları
client-guard-personal = Kendi anahtarlarıyla ekip ve klinikler
client-kind = Tür
client-confidential = Gizli anahtarı olan sunucu
client-confidential-hint = Gizli anahtarını başka kimsenin okuyamayacağı bir yerde saklar.
client-public = Gizli anahtarı olmayan uygulama
client-public-hint = Bir cihazda ya da tarayıcıda çalışır; orada gizli anahtar gizli kalmaz.
client-redirects = Dönüş adresleri
client-redirects-hint = Her satıra bir tane, programın kullandığı biçimde. Yalnızca kendi adına çalışan bir program için boş bırakın.
client-scopes = İsteyebilecekleri
client-first-party = Kendi programımız
client-first-party-hint = Kişilerden onay istenmez.
client-first-party-only = Yalnızca kendi programlarımız.
client-legacy = Parola isteyebilir
client-legacy-hint = Yalnızca eski programlarımız için. İkinci adımı olan hesaplar reddedilir.
client-id = İstemci kimliği
client-secret = Gizli anahtar
client-secret-text = Gizli anahtarı şimdi kopyalayın. Bir daha gösterilmez.
client-built-in = Yerleşik
client-built-in-text = Hairline'ın kendisine aittir ve değiştirilemez.
client-in-use = Kullanımda
client-ended = Sonlandırıldı
client-ended-text = Artık erişimi yok; anahtarlarının da yok.
client-edit = Değiştir
client-end = Erişim
client-new-secret = Yeni gizli anahtar
client-new-secret-text = Eski gizli anahtar hemen geçersiz olur. Programın yenisine ihtiyacı vardır.
client-revoke = Erişimi sonlandır
client-revoke-text = Tüm anahtarları hemen geçersiz olur. Bu geri alınamaz.
done-client-registered = Program kaydedildi.
done-client-revoked = Programın artık erişimi yok.
error-client_exists = Bu istemci zaten kayıtlı.
error-token_name_taken = Bu adla bir anahtarınız zaten var.

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
