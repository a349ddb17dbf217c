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

error-text_too_long = En fazla 2.000 karakter.
error-text_invalid = Bu metin gösterilemeyen karakterler içeriyor.
error-view_unknown = Bu, beş açıdan biri değil.

done-treat-checked-in = Hastanın girişi yapıldı.
done-treat-day = Gün kaydedildi.
done-treat-notes = Kaydedildi.
done-treat-photos = Fotoğraflar kaydedildi.
done-treat-completed = Tedavi tamamlandı. Bakım süreci başlıyor.

treat-day-title = { $patient } tedavisi
treat-patient-title = Tedaviniz
treat-back-case = Dosya
treat-back-booking = Rezervasyona dön
treat-messages = Mesajlar
treat-offer = Teklif
treat-at-clinic = Klinik: { $clinic }
treat-appointment = { $when } ({ $place } saati)
treat-status-confirmed = Onaylandı
treat-status-inprogress = Tedavide
treat-status-aftercare = Bakım sürecinde
treat-status-completed = Tamamlandı
treat-label-no-show = Gelmedi
treat-label-postponed = Ertelendi

treat-check-in-title = Giriş
treat-check-in-text = Hasta geldi ve her şey yolunda. Tedavi girişle başlar.
treat-check-in = Hastanın girişini yap
treat-check-in-not-yet = Henüz mümkün değil
treat-check-in-others = Rolünüz hasta girişi yapamaz.
treat-early-title = Randevuya bir saatten fazla var.
treat-early-tick = Hasta şimdiden burada.
treat-paid = Tamamı ödendi
treat-unpaid = Ödenmemiş bakiye
treat-due = { $amount } henüz ödenmedi
treat-due-text = Her şey ödenmeden hastanın girişi yapılamaz.

treat-patient = Hasta
treat-fact-code = Kod
treat-fact-age = Yaş
treat-fact-country = Ülke
treat-fact-phone = Telefon
treat-fact-email = E-posta
treat-fact-when = Randevu
treat-fact-arrived = Giriş
treat-fact-documentation = Kayıtlar için son süre
treat-fact-clinic = Klinik
treat-fact-clinician = Hekim
treat-fact-estimate = Planlanan greft
treat-fact-actual = Yerleştirilen greft
treat-facts = Bir bakışta
treat-variance = { $grafts } greft (%{ $percent })
treat-estimate-hint = { $count } greft planlanmıştı.
treat-progress = Tamamlanan günler
treat-progress-days = { $total } günün { $done } tanesi tamamlandı

treat-days = Gün gün
treat-days-none = Henüz gün yok
treat-days-none-text = Rezervasyon onaylanınca plan burada görünür.
treat-day = { $number }. gün
treat-day-edit = Bu günü belgele
treat-day-state = Durumu
treat-day-note = Klinik notu
treat-day-note-hint = Yalnızca kliniğiniz için. Hastalar bunu hiç görmez.
treat-day-save = Günü kaydet
treat-late-title = Kayıtlar gecikti
treat-late-text = Lütfen günleri, fotoğrafları ve özeti tamamlayın.

treat-photo = Fotoğraf
treat-photo-add = Bu güne fotoğraf ekleyin
treat-photo-hint = JPEG veya PNG, en fazla 10 MB
treat-photo-phase = Ne zaman çekildi
treat-photo-send = Fotoğrafı ekle
treat-photos = Öncesi ve sonrası
treat-photos-none = Paylaşılan fotoğraf yok.
treat-phase-before = Öncesi
treat-phase-during = Sırasında
treat-phase-after = Sonrası
treat-view-front = Ön
treat-view-top = Üst
treat-view-left = Sol
treat-view-right = Sağ
treat-view-back = Arka
treat-set-title = Standart fotoğraflar
treat-set-text = Başın beş açıdan görünümü. Tedaviyi tamamlamak için sonda çekilen set gerekir.
treat-set-add = Açıları ekle
treat-set-when = Hangi set
treat-set-head-scan-before = Başlangıçta
treat-set-head-scan-after = Sonda
treat-set-send = Açıları kaydet

treat-welcome = Karşılama notu
treat-welcome-label = Hastanın başlangıçta okuyacağı not
treat-welcome-hint = Hasta bunu hemen görür.
treat-welcome-none = Henüz not yok.

treat-end-title = Tedaviyi tamamla
treat-end-text = İstediğiniz an taslak kaydedin. Hazır olunca tedaviyi tamamlayın: hasta bunu okur ve bakım süreci başlar.
treat-need-days = { $left ->
    [0] Bütün günler kapandı
   *[other] { $left } gün hâlâ açık
}
treat-need-views = { $left ->
    [0] Son fotoğraf seti tamam
   *[other] Son sette { $left } açı eksik
}
treat-conclusion = Yapılan işlem
treat-prescription = Reçete
treat-medication = İlaçların kullanımı
treat-advice = Dikkat edilecekler
treat-reads-patient = Hasta bunu ve sonraki metinleri tedaviden sonra okur.
treat-plan = { $name } ({ $months } ay)
treat-plan-label = Bakım planı
treat-plan-choose = Bir plan seçin
treat-plan-hint = Tedaviden sonraki gün başlar.
treat-save-draft = Taslağı kaydet
treat-end = Tedaviyi tamamla
treat-end-confirm = Sonradan hiçbir şey değiştirilemez. Hastaya haber verilir ve bakım süreci başlar.
treat-end-yes = Evet, tedavi tamamlandı
treat-over-title = Tedavi tamamlandı
treat-to-aftercare = Bakıma git
treat-result = Sonucunuz

treat-guided-title = İyileşme süreciniz başladı
treat-guided-text = Planınız gün gün neyin önemli olduğunu söyler.
treat-guided-action = Bakımımı aç
