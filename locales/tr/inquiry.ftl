## Refusals of requests.

error-active_inquiry_exists = Zaten etkin bir talebiniz var.
error-draft_missing = Gönderilecek kayıtlı bir talep yok.
error-questionnaire_stale = Sağlık formu değişti. Lütfen yeni sürümü yanıtlayın.
error-inquiry_locked = Bir klinik yanıt verdi. Bu talep artık değiştirilemez.
error-inquiry_not_active = Bu talep artık açık değil.
error-cancel_not_allowed = Bu talep artık buradan iptal edilemez. Lütfen destekle iletişime geçin.
error-alert_ack_required = Teklif göndermeden önce sağlık uyarısını onaylayın.
error-alert_not_critical = Onaylanacak kırmızı uyarı yok.
error-decline_not_allowed = Kliniğiniz zaten yanıt verdi veya süresi doldu.
error-too_many_countries = Çok fazla ülke seçtiniz.
error-too_many_ranges = Çok fazla tarih aralığı seçtiniz.
error-too_many_providers = Çok fazla klinik seçtiniz.
error-too_many_files = Çok fazla dosya var.
error-date_range_overlap = İki tarih aralığı aynı günü içeriyor.
error-date_range_invalid = Tarih aralığı başlamadan bitemez.
error-date_range_too_soon = Tarih aralığı çok erken başlıyor.
error-date_range_too_far = Tarih aralığı çok uzak bir gelecekte.
error-invalid_date = Böyle bir gün yok.
error-provider_not_available = Seçtiğiniz bir klinik şu anda talep almıyor.
error-provider_not_in_destinations = Seçtiğiniz bir klinik, seçtiğiniz ülkelerde değil.
error-media_incomplete_view_set = Baş taraması beş fotoğraf ister: ön, üst, sol, sağ ve arka.
error-answer_missing = Lütfen her soruyu yanıtlayın.
error-answer_details_required = Evet dediğiniz yerlerde lütfen ayrıntı verin.

## Words of a case's history.

timeline-inquiry_created = Talep gönderildi
timeline-inquiry_distributed = Talep kliniklere iletildi
timeline-inquiry_updated = Talep değiştirildi
timeline-inquiry_expired = Talep teklif gelmeden sona erdi
timeline-inquiry_cancelled = Talep iptal edildi
timeline-medical_answers_revised = Sağlık soruları yeniden yanıtlandı

## Alert levels.

alert_level-critical = Kırmızı: kritik durum
alert_level-standard = Sarı: dikkat edilmeli
alert_level-none = Yeşil: dikkat edilecek bir şey yok
