# Tedavi: giriş, tedavi günleri, kayıt, tamamlama.

error-invalid_status = Dosyanın bu aşamasında bu yapılamaz.
error-already_checked_in = Hastanın girişi zaten yapıldı.
error-already_completed = Bu tedavi tamamlandı.
error-balance_outstanding = Ödenmemiş bir bakiye var.
error-too_early = İşlem daha sonraki bir günde başlıyor.
error-early_check_in_confirm = Randevuya bir saatten fazla var. Hastanın geldiğini onaylayın.
error-patient_already_in_treatment = Hasta başka bir tedavide.
error-clinician_missing = Bu dosyanın sorumlu hekimi yok.
error-closure_pending = Bu dosyayı kapatma talebi Hairline'ın kararını bekliyor.
error-days_not_terminal = Bazı tedavi günleri hâlâ açık.
error-day_in_future = Bu gün henüz gelmedi.
error-media_not_ready = Son fotoğraf seti eksik.
error-image_limit = Bu dosyaya daha fazla fotoğraf eklenemez.
error-aftercare_template_required = Bu hasta için bakım planını seçin.
error-template_inactive = Bu bakım planı sunulmuyor.
error-reason_required = 10 ile 500 karakter arasında bir gerekçe yazın.

timeline-treatment_started = Hastanın girişi yapıldı
timeline-treatment_day_status_changed = Bir tedavi günü güncellendi
timeline-treatment_completed = Tedavi tamamlandı

treatment-day-not_started = Başlamadı
treatment-day-in_progress = Sürüyor
treatment-day-finished = Tamamlandı
treatment-day-need_attention = Dikkat gerekiyor
treatment-day-cancelled_deferred = İptal veya ertelendi
