# Parayla ilgili neler ters gidebilir.
error-booking_not_payable = Ödenecek kabul edilmiş bir teklif yok.
error-hold_expired = Randevu artık sizin için ayrılmış değil.
error-inquiry_cancelled = Bu talep iptal edildi.
error-already_paid = Her şey ödendi.
error-payment_in_progress = Bu rezervasyonun başka bir ödemesi hâlâ sürüyor.
error-amount_changed = Tutar gösterilenden farklı. Lütfen yeniden bakın.
error-option_unavailable = Bu rezervasyon şu anda bu şekilde ödenemez.
error-installments_unavailable = Bu rezervasyon taksitle ödenemez.
error-payment_unavailable_region = Kartla ödeme ülkenizde henüz mümkün değil.
error-card_declined = Kart reddedildi.
error-intent_canceled = Bu ödemeden vazgeçildi. Yeni bir ödeme başlatın.
error-invalid_number = Bu bir kart numarası değil.
error-invalid_expiry = Kartın süresi dolmuş.
error-invalid_cvc = Güvenlik kodu 3 veya 4 hanelidir.
error-invalid_signature = İmza uymuyor.
error-mode_mismatch = Test ve gerçek olaylar karıştırılamaz.
