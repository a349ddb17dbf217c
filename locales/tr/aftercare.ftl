# Bakım: planlar, görevler, yanıtlar, alarmlar.

aftercare-urgent-warning = Yanıtınız hızlı yardım gerektirebilir. Bakım ekibimize haber verildi, sizinle iletişime geçecekler. Ağır kanama, nefes darlığı, göğüs ağrısı veya bayılma varsa hemen bulunduğunuz yerin acil numarasını arayın.

error-slot_unknown = O gün için bir görev yok.
error-slot_not_open = Bu henüz yapılamaz.
error-slot_already_done = Bu zaten yapıldı.
error-slot_excused = Bu artık istenmiyor.
error-case_suspended = Bakımınız şu anda duraklatıldı.
error-case_closed = Bu bakım sona erdi.
error-response_invalid = Bazı yanıtlar sorularına uymuyor.
error-scan_set_incomplete = Bir tarama için dört görünümün tamamı gerekir.
error-resolution_incomplete = Hastayla konuşun, bu adımı ekleyin ve sonucunu yazın.

timeline-aftercare_started = Bakım başladı
timeline-aftercare_completed = Bakım tamamlandı

aftercare-view-front = Ön
aftercare-view-top = Üst
aftercare-view-sides = Yanlar
aftercare-view-back = Arka

aftercare-bucket-clinical_open = Alarm, henüz kimse almadı
aftercare-bucket-clinical_acknowledged = Alarm, üzerinde çalışılıyor
aftercare-bucket-answer_late = Yanıt gecikti
aftercare-bucket-tasks_escalated = Görevler üç gün veya daha fazla gecikti
aftercare-bucket-tasks_overdue = Görevler gecikti
aftercare-bucket-answer_waiting = Hasta yanıt bekliyor
aftercare-bucket-due_today = Bugün yapılacak
aftercare-bucket-quiet = Yapılacak bir şey yok
