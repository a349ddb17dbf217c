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

# The patient's page.
care-title = İyileşmeniz
care-none-title = İyileşme planınız tedavinizden sonra başlar
care-none-text = Tedaviniz tamamlandığında kliniğiniz sizin için bir plan hazırlar: ne zaman fotoğraf göndereceğiniz, nasıl hissettiğinize dair kısa sorular ve her dönemde nelere dikkat edeceğiniz. İlk günden itibaren burada bulacaksınız.
care-none-action = Ana sayfanıza gidin
care-progress = İyileşme
care-stage = Dönem: { $stage }
care-day = { $days ->
    [0] Bugün tedavi gününüz
    [one] Tedavinizin üzerinden { $days } gün geçti
   *[other] Tedavinizin üzerinden { $days } gün geçti
}
care-day-before = Planınız { $date } tarihinde başlıyor
care-until = Planınız { $date } tarihine kadar sürüyor
care-tasks-done = Görevlerinizin % { $percent } kadarı tamam
care-now-title = Şimdi yapılacaklar
care-now-text = { $count ->
    [one] Sizi bekleyen bir görev var. Birkaç dakika sürer.
   *[other] Sizi bekleyen { $count } görev var. Her biri birkaç dakika sürer.
}
care-now-scan = Fotoğraflarınızı gönderin
care-now-answer = Soruları yanıtlayın
care-clear-title = Bugün yapılacak bir şey yok
care-clear-text = Her şey tamam. Sıradaki görev geldiğinde size hatırlatırız.
care-clear-next = Sıradaki görev: { $date }
care-paused-title = Bakımınıza ara verildi
care-paused-text = Şu anda sizden bir şey beklenmiyor. Sorunuz olursa bize yazın.
care-over-title = Bakımınız tamamlandı
care-over-text = Sabrınız için teşekkürler. Fotoğraflarınız ve talimatlarınız burada kalır.
care-tasks = Önümüzdeki günler
care-task-scan = Saç derinizin fotoğrafları
care-task-questionnaire = Nasıl hissettiğinize dair sorular
care-due-on = Son gün: { $date }
care-opens-on = { $date } tarihinden itibaren yapılabilir
care-state-upcoming = Daha sonra
care-state-open = Yapılabilir
care-state-due = Bugün
care-state-overdue = Gecikti
care-state-escalated = Çok gecikti
care-state-done = Tamam
care-state-excused = Gerekmiyor
care-phases = Planınız
care-phase-days = { $from } – { $to }
care-phase-tasks = { $total } görevden { $done } tanesi tamam
care-avoid = Şu anda kaçınmanız gerekenler
care-instructions = Talimatlar
care-repeat = { $days ->
    [one] Her gün
   *[other] { $days } günde bir
}
care-category-general = Genel
care-category-washing = Yıkama
care-category-sleeping = Uyku
care-category-activity = Hareket
care-category-emergency-contact = Acil durumda
care-category-special = Size özel
care-medications = İlaçlar
care-medication-until = { $date } tarihine kadar
care-frequency-once-daily = Günde bir kez
care-frequency-twice-daily = Günde iki kez
care-frequency-three-daily = Günde üç kez
care-frequency-four-daily = Günde dört kez
care-frequency-every-8h = 8 saatte bir
care-frequency-every-12h = 12 saatte bir
care-frequency-weekly = Haftada bir
care-frequency-as-needed = Gerektiğinde
care-photos = Fotoğraflarınız
care-photos-none = İlk fotoğraf setinizi gönderdiğinizde burada görünür.
care-photo-alt = { $view }, { $date }
care-compare = İlk ve en yeni fotoğraf
care-compare-text = Değişimi görmek için tutamacı kaydırın.
care-more-photos = Daha fazla fotoğraf gönderin
care-help-title = Bir şey ters mi gidiyor
care-help-text = Bize her zaman yazabilirsiniz. Şiddetli kanama, nefes darlığı, göğüs ağrısı veya bayılma olursa hemen bulunduğunuz yerin acil numarasını arayın.
care-help-action = Bize yazın
care-view-front = Ön
care-view-top = Üst
care-view-sides = Yan
care-view-back = Arka
care-view-3d-model = 3 boyutlu model
done-care-scan = Teşekkürler. Fotoğraflarınız ulaştı.
done-care-answers = Teşekkürler. Yanıtlarınız ulaştı.

# Sending pictures and answers.
care-back = İyileşmenize dönün
care-scan-title = Fotoğraflarınız
care-scan-for = { $date } için
care-scan-extra = Planınıza ek bir set
care-scan-tips = Üç adımda iyi fotoğraf
care-scan-tip-light = Gün ışığı alan bir pencerenin yanında, flaş kullanmadan çekin.
care-scan-tip-still = Kamerayı bir kol boyu uzakta tutun, görünümün tamamı sığsın ve kamera sabit kalsın.
care-scan-tip-help = Üst ve arka fotoğraflar için birinden yardım isteyin.
care-scan-hint-front = Düz karşıya bakın, saç çizgisi ve alın görünsün.
care-scan-hint-top = Başınızı eğin, kamera yukarıda olsun.
care-scan-hint-sides = Başınızı çevirin, bir kulağınız kameraya baksın.
care-scan-hint-back = Kamera arkanızda, tepeden enseye kadar.
care-scan-private = Bu fotoğrafları yalnızca siz, kliniğiniz ve bakım ekibimiz görür. JPEG veya PNG, her biri en çok 50 MB.
care-scan-send = Dört fotoğrafı gönderin
care-answers-for = { $date } için
care-answers-who = Yanıtlarınızı kliniğiniz ve bakım ekibimiz okur.
care-answers-send = Yanıtlarınızı gönderin
care-urgent-title = Bunu ciddiye alıyoruz
care-urgent-told = Kliniğinize ve bakım ekibimize haber verildi
care-urgent-told-text = Yazdıklarınız hızlı yardım gerektirebilir. Ekibimizden biri sizinle iletişime geçecek. Telefonunuzu yakınınızda tutun.
care-urgent-emergency = Şunlardan biri varsa hemen acil numarayı arayın
care-urgent-emergency-text = Bu durumlarda bizi beklemeyin. Avrupa Birliği'nde ve Türkiye'de numara 112'dir.
care-urgent-meanwhile = Beklerken
care-urgent-meanwhile-text = Üst bedeniniz yüksekte olacak şekilde dinlenin. İşlem yapılan bölgeye dokunmayın ve yeni bir ilaç almayın. Bize her zaman yazabilirsiniz.
care-choice-yes = Evet
care-choice-no = Hayır
care-choice-nowhere = Hiçbir yer
care-choice-donor-area = Saçın alındığı bölge
care-choice-transplanted-area = Saçın ekildiği bölge
care-choice-both = Her ikisi
care-choice-heavy-bleeding = Şiddetli kanama
care-choice-bleeding-not-stopping = Durmayan kanama
care-choice-pus-or-discharge = İrin veya akıntı
care-choice-fever = Ateş
care-choice-spreading-redness = Yayılan kızarıklık
care-choice-severe-swelling = Şiddetli şişlik
care-choice-mild-swelling = Hafif şişlik
care-choice-skin-darkening = Ciltte koyulaşma
care-choice-breathing-difficulty = Nefes darlığı
care-choice-chest-pain = Göğüs ağrısı
care-choice-fainting = Bayılma
care-choice-itching = Kaşıntı
care-choice-numbness = Uyuşma
care-choice-scabs = Kabuklanma
care-choice-better = Daha iyi
care-choice-same = Aynı
care-choice-worse = Daha kötü
care-choice-very-good = Çok iyi
care-choice-good = İyi
care-choice-fair = Orta
care-choice-poor = Kötü
care-choice-very-poor = Çok kötü
care-choice-nothing = Hiçbir şey
care-choice-pain = Ağrı
care-choice-worry = Endişe
care-choice-position = Yatış pozisyonu
care-choice-always = Her zaman
care-choice-mostly = Çoğunlukla
care-choice-rarely = Nadiren
care-choice-none-yet = Henüz yok
care-choice-first-hairs = İlk saçlar
care-choice-visible = Görünür
care-choice-dense = Yoğun
error-view_twice = Her görünüm için bir fotoğraf.
