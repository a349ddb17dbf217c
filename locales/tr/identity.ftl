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

# Ekipler, davetler, çalışanlar, roller: ret nedenleri ve e-postalar.
error-seat_limit_reached = Kliniğin bütün kullanıcı yerleri dolu.
error-invitation_used = Bu davet daha önce kullanıldı.
error-invitation_expired = Bu davetin süresi doldu.
error-invitation_cancelled = Bu davet geri alındı.
error-email_in_other_team = Bu adres başka bir kliniğin ekibine ait.
error-already_member = Bu adresle bir hesap var.
error-already_invited = Bu adrese gönderilmiş geçerli bir davet var.
error-owner_protected = Kliniğin sahibini yalnızca Hairline değiştirebilir.
error-self_change = Bunu kendi hesabınız için yapamazsınız.
error-no_login = Bu hekimin girişi yok. Önce onu davet edin.
error-has_login = Bu üyenin girişi var, profilini kendisi düzenler.
error-work_outstanding = Önce açık işleri kimin devralacağını belirtin.
error-taker_unknown = Ekibinizden etkin bir üye seçin.
error-taker_not_permitted = Bu üyenin rolü bu işe izin vermiyor.
error-clinician_limit_reached = Klinik alabileceği kadar hekim kaydetmiş.
error-invitations_too_often = Son bir saatte on davet gönderildi. Biraz bekleyin.
error-role_unknown = Bu hesap türü için böyle bir rol yok.
error-role_locked = Bu rol değiştirilemez.
error-role_archived = Bu rol artık kullanılmıyor.
error-role_name_fixed = Bu rolün adı değiştirilemez.
error-role_name_taken = Bu adda bir rol var.
error-role_in_use = Bu role sahip ya da davet edilmiş biri var.
error-permission_unknown = Böyle bir yetki yok.
error-permission_not_of_guard = Bu yetkilerden biri bu hesap türünde bulunmuyor.
error-not_grantable = Bu yetkilerden biri yalnızca en üst role aittir.
error-dependent_permission = Değiştirme yetkisi dururken görme yetkisi kaldırılamaz.
error-permissions_required = Bir rolün en az bir yetkisi olmalı.
error-confirm_sensitive = Bu yetkilerden bazıları hassas. Verilmelerini onaylayın.
error-too_many_grants = Bu kadar çok yetki ayrı bir rolde toplanmalı.
error-last_super_admin = En az bir etkin süper yönetici kalmalı.
error-impersonation_read_only = Başka birinin gözünden bakıyorsunuz: hiçbir şey değiştirilemez.
error-phone_taken = Bu numara bir iş arkadaşınıza ait.
identity-mail-invitation-subject = { $inviter } sizi { $house } ekibine davet ediyor
identity-mail-invitation-text =
    Merhaba { $name },

    { $inviter } sizi Hairline üzerinde { $house } ekibine katılmaya davet ediyor. Rolünüz: { $role }.

    Hesabınızı kurmak için bu bağlantıyı açın. Bir kez, { $until } (UTC) anına kadar geçerlidir:
    { $link }

    Sayfa davet kodunu sorarsa kodunuz:
    { $token }

    Bu e-postayı beklemiyorsanız bir şey yapmanız gerekmez.
identity-mail-invitation-message = { $inviter } şunu yazdı:
role-super-admin = Süper yönetici
role-admin = Yönetici
role-aftercare-specialist = Bakım uzmanı
role-billing-staff = Muhasebe çalışanı
role-support-staff = Destek çalışanı
role-provider-owner = Sahip
role-provider-manager = Yönetici
role-provider-clinical = Klinik çalışanı
role-provider-billing = Muhasebe
role-patient = Hasta
role-affiliate = İş ortağı
