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
error-reauth_required = Bunu yapmak için yeniden giriş yapın.
error-wrong_guard = Bu hesabın burada yetkisi yok.
error-mfa_already_on = Bir doğrulama uygulaması zaten kurulu.
