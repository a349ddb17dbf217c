# Süre dolduktan sonra olanlar ve ekibin taleplerle tekliflerde yaptıkları.

error-inquiry_not_expired = Talebiniz hâlâ açık. Klinikler yanıt verebilir.
error-nobody_to_ask = Oradaki her kliniğe soruldu. Başka bir ülke seçin ya da bize yazın.
error-inquiry_restricted = Bu talep yalnızca bir klinik içindir.
error-provider_has_quoted = Bu klinik zaten yanıt verdi.
error-archive_not_allowed = Yalnızca iptal edilmiş, süresi dolmuş veya tamamlanmış bir dosya kaldırılabilir.
error-restore_not_allowed = Bu teklif geri getirilemez.
error-withdrawal_not_possible = Yalnızca kabul edilmiş ve ödenmemiş bir tekliften çekilebilirsiniz.
error-withdrawal_not_requested = Klinik artık çekilmek istemiyor.
error-withdrawal_requested = Klinik bu tekliften çekilmek istedi. Ekibimiz karar verene kadar ödeme yapılamaz.
error-validity_out_of_range = Henüz geçmemiş, 1 ile 720 saat arasında bir süre seçin.
error-deadline_out_of_range = Önümüzdeki 30 gün içinde bir an seçin.
error-sort_unknown = Bu sıralama bilinmiyor.
error-length_out_of_range = 10 ile 500 karakter arasında bir gerekçe yazın.
event-inquiry-reopened = Talep yeniden açıldı
event-inquiry-archived = Talep kaldırıldı
event-withdrawal-requested = Klinik çekilmek istedi
event-withdrawal-resolved = Çekilme isteği karara bağlandı
event-quote-restored = Teklif geri getirildi
my-event-inquiry-reopened = Talebiniz devam ediyor
my-event-withdrawal-requested = Klinik çekilmek istedi
my-event-withdrawal-resolved = Kliniğin isteği hakkında karar verdik
my-event-quote-restored = Bir teklif yeniden açık
