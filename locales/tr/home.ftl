# The first pages of patients and clinics, and a patient's case.

my-title = Yolculuğunuz
my-lead = Nerede olduğunuz ve sırada ne olduğu.
my-next = Sıradaki adımınız
my-ends = Bitiş:
my-kept = Saklanma süresi:
my-answers-until = Son yanıtlar:
my-soon = yakında

my-next-start-title = Seçtiğiniz kliniklere sorun
my-next-start-text = Beş fotoğraf ve kısa bir anket. Klinikler adınızı değil, bir kodu görür; fiyat ve tarihle yanıt verir.
my-next-start-label = Başvurunuza başlayın
my-next-continue-title = Başvurunuzu tamamlayın
my-next-continue-text = Girdiğiniz her şey kayıtlı. Kaldığınız yerden devam edin.
my-next-continue-label = Devam
my-next-wait-title = Klinikler başvurunuzu inceliyor
my-next-wait-text = Şu anda yapmanız gereken bir şey yok. Bir teklif gelir gelmez size yazarız.
my-next-wait-label = Başvurunuzu görün
my-next-no-answers-title = Teklif gelmedi
my-next-no-answers-text = Yanıt süresi doldu. Kliniklere ek süre verebilir ya da başkalarını seçebilirsiniz.
my-next-no-answers-label = Seçeneklerinize bakın
my-next-look-title = İlk teklifiniz geldi
my-next-look-text = Rahatça okuyun. Karar vermeden önce kliniğe her şeyi sorabilirsiniz.
my-next-look-label = Teklifi okuyun
my-next-compare-title = Tekliflerinizi karşılaştırın
my-next-compare-text = { $count ->
    [one] { $count } klinik yanıt verdi. Fiyatı, tarihi ve cerrahı görün.
   *[other] { $count } klinik yanıt verdi. Fiyatı, tarihi ve cerrahı yan yana görün.
}
my-next-compare-label = Karşılaştır
my-next-pay-title = Tarihiniz sizin için ayrıldı
my-next-pay-text = Kesinleştirmek için ön ödemeyi yapın. Ardından onu kimse alamaz.
my-next-pay-label = Şimdi öde
my-next-balance-title = Kalanı ödeyin
my-next-balance-text = Kalan tutar { $money }, son ödeme günü { $date }.
my-next-balance-label = Şimdi öde
my-next-balance-late-title = Ödemeniz gecikti
my-next-balance-late-text = { $money } için son gün { $date } idi. Tarihinizin güvende kalması için lütfen ödeyin.
my-next-balance-late-label = Şimdi öde
my-next-prepare-title = Ödeme tamam. Yolculuğa hazırlanın
my-next-prepare-text = Tedaviniz { $date } günü. Uçuş, otel ve yanınızda bulunması gerekenler rezervasyonunuzda.
my-next-prepare-soon = Uçuş, otel ve yanınızda bulunması gerekenler rezervasyonunuzda.
my-next-prepare-label = Rezervasyonunuzu görün
my-next-arrive-title = O gün geldi
my-next-arrive-text = Kliniğiniz sizi bekliyor. Adres ve saat rezervasyonunuzda.
my-next-arrive-label = Nereye gideceğim
my-next-treatment-title = Emin ellerdesiniz
my-next-treatment-text = Tedaviniz sürüyor. Kliniğin sizin için yazdıkları rezervasyonunuzda görünür.
my-next-treatment-label = Tedavinizi görün
my-next-tasks-title = Bugünkü iyileşmeniz
my-next-tasks-text = { $count ->
    [one] { $count } küçük görev sizi bekliyor. Birkaç dakika sürer.
   *[other] { $count } küçük görev sizi bekliyor. Birkaç dakika sürer.
}
my-next-tasks-label = Şimdi yap
my-next-tasks-late-title = İyileşmenizde geride kalmayın
my-next-tasks-late-text = { $count ->
    [one] { $count } görev gecikti. Ekibiniz nasıl olduğunuzu görmek istiyor.
   *[other] { $count } görev gecikti. Ekibiniz nasıl olduğunuzu görmek istiyor.
}
my-next-tasks-late-label = Şimdi tamamla
my-next-recover-title = İyileşmeniz yolunda
my-next-recover-text = Bugün yapılacak bir şey yok. Sıradaki göreviniz { $date } günü.
my-next-recover-quiet = Bugün yapılacak bir şey yok. Planınız şu an neyin önemli olduğunu gösterir.
my-next-recover-label = Planınızı görün
my-next-review-title = Nasıl geçti?
my-next-review-text = Sonucunuz artık belli oluyor. Birkaç içten söz başkalarının seçimine yardım eder.
my-next-review-label = Yorum yazın
my-next-done-title = Her şey tamam
my-next-done-text = Bizi yanınıza aldığınız için teşekkürler. Planınız, fotoğraflarınız ve belgeleriniz burada kalır.
my-next-done-label = Geriye bakın
my-next-again-title = Yeniden deneyelim mi?
my-next-again-text = Son başvurunuz sona erdi. İstediğiniz zaman yenisini gönderebilirsiniz.
my-next-again-label = Yeni başvuru başlat

my-stage-inquiry = Başvuru gönderildi
my-stage-quote = Teklifler
my-stage-accepted = Tarih ayrıldı
my-stage-confirmed = Kesinleşti
my-stage-inprogress = Tedavi
my-stage-aftercare = İyileşme
my-stage-completed = Tamamlandı
my-stage-cancelled = İptal edildi
my-stage-expired = Sona erdi

my-pipeline = Yolculuğunuzun aşamaları
my-case = Dosyanız
my-open-case = Dosyanızı açın
my-request-code = Başvuru { $code }
my-earlier = Önceki başvurular
my-unread = { $count ->
    [one] { $count } yeni mesaj
   *[other] { $count } yeni mesaj
}
my-unread-text = Size yazan biri var.
my-answers = Yanıtlar
my-answers-of = { $asked } klinikten { $answered } yanıt
my-offers-open = Açık teklifler
my-clinic = Klinik
my-appointment = Randevu
my-total = Toplam
my-paid = Ödenen
my-due = Kalan
my-due-on = Son ödeme günü
my-plan-progress = İyileşme
my-plan-waiting = { $count ->
    [one] { $count } görev bekliyor.
   *[other] { $count } görev bekliyor.
}
my-plan-next = Sıradaki görev { $date } günü.
my-plan-nothing = Bekleyen bir şey yok.
my-plan-open = Planınızı açın
my-how = Nasıl işler
my-how-ask = Bir kez sorun
my-how-ask-text = Birkaç soru ve beş fotoğraf. Yaklaşık on dakika sürer.
my-how-compare = Karşılaştırın
my-how-compare-text = Her teklifte toplam tutar, cerrah ve tarih bulunur.
my-how-travel = Seyahat edin ve iyileşin
my-how-travel-text = Yolculuğunuz için tek plan, sonrasında bir yıl rehberlik.
my-how-clinics = Klinikleri görün

my-booking = Rezervasyonunuz
my-booking-open = Rezervasyonu açın
my-offers = Teklifler
my-offers-compare = Karşılaştır
my-offers-none = Henüz teklif yok
my-offers-none-text = Bir klinik yanıt verdiğinde teklifi burada listelenir.
my-grafts = { $count ->
    [one] { $count } greft
   *[other] { $count } greft
}
my-offer-open = Açık
my-offer-ended = Sona erdi
my-offer-chosen = Seçildi
my-offer-rejected = Reddedildi
my-offer-cancelled = Kapandı
my-links = Bu dosya hakkında daha fazlası
my-link-messages-text = Kliniğinize yazın
my-timeline = Şimdiye kadar olanlar

my-event-inquiry-created = Başvurunuzu gönderdiniz
my-event-inquiry-distributed = Başvurunuz kliniklere ulaştı
my-event-inquiry-updated = Başvurunuzu değiştirdiniz
my-event-inquiry-cancelled = Başvuru iptal edildi
my-event-inquiry-expired = Başvuru teklifsiz sona erdi
my-event-medical-answers-revised = Tıbbi yanıtlarınızı güncellediniz
my-event-quote-submitted = Bir teklif geldi
my-event-quote-updated = Bir teklif değişti
my-event-quote-expired = Bir teklifin süresi doldu
my-event-quote-withdrawn = Bir teklif geri çekildi
my-event-quote-rejected = Bir teklifi reddettiniz
my-event-quote-accepted = Bir teklifi kabul ettiniz
my-event-quote-cancelled = Bir teklif kapandı
my-event-conversation-opened = Artık kliniğe yazabilirsiniz
my-event-payment-received = Ödemeniz ulaştı
my-event-payment-failed = Bir ödeme gerçekleşmedi
my-event-payment-refunded = Bir iade yolda
my-event-booking-confirmed = Rezervasyonunuz kesinleşti
my-event-booking-cancelled = Rezervasyonunuz iptal edildi
my-event-booking-rescheduled = Rezervasyonunuz başka bir tarihe alındı
my-event-case-completed = Dosyanız tamamlandı
my-event-hold-lapsed = Tarihiniz serbest bırakıldı
my-event-identity-revealed = Klinik artık adınızı görebilir
my-event-treatment-started = Tedaviniz başladı
my-event-treatment-completed = Tedaviniz tamamlandı
my-event-aftercare-started = İyileşme planınız başladı
my-event-aftercare-completed = İyileşme planınız tamamlandı
my-event-review-submitted = Bir yorum yazdınız
my-event-review-published = Yorumunuz yayında
my-event-review-removed = Yorumunuz kaldırıldı

desk-title = Gününüz
tour-title = İlk adımlarınız
tour-lead = Kısa bir tanıtım. İstediğiniz kadar geri dönebilirsiniz.
tour-inquiries = Hastalara yanıt verin
tour-inquiries-text = Yeni talepler burada bekler; her birinin yanıt süresi yanında yazar.
tour-calendar = Kim ne zaman geliyor, görün
tour-calendar-text = Bütün ziyaretler, planlandıkları günlerde.
tour-aftercare = Hastalarınızla ilgilenin
tour-aftercare-text = Tedaviden sonraki taramaları ve yanıtları; size şimdi kimin ihtiyacı var.
tour-profile = Kliniğinizi tanıtın
tour-profile-text = Hastaların seçmeden önce okudukları.
tour-team = Ekip arkadaşlarınızı getirin
tour-team-text = Davet edin ve kimin ne yapabileceğine karar verin.
tour-account = Hesabınızı koruyun
tour-account-text = Doğrulama uygulamanız, şifreniz ve açık oturumlarınız.
tour-finish = Yolumu biliyorum
done-tour-finished = Güzel. Her şeyi menüde bulabilirsiniz.
desk-lead = Neyin, ne zamana kadar yanıt beklediği.
desk-figures = Sayılar
desk-to-answer = Yanıt bekleyen
desk-to-answer-note = teklifsiz talepler
desk-offers = Açık teklifler
desk-offers-note = hastalar karar veriyor
desk-held = Ayrılan tarihler
desk-held-note = ilk ödemeyi bekliyor
desk-visits = Ziyaretler
desk-visits-note = bugün ve sonraki 7 gün
desk-urgent = Acil iyileşme
desk-urgent-note = bakılması gereken hastalar
desk-messages = Mesajlar
desk-messages-note = henüz okunmadı
desk-rate = Kabul edilen
desk-rate-note = 12 aylık tekliflerden
desk-waiting = Yanıt bekleyenler
desk-waiting-none = Her şey yanıtlandı
desk-waiting-none-text = Yeni talepler ve süresi dolmak üzere olan teklifler burada görünür.
desk-more = { $count ->
    [one] { $count } tane daha
   *[other] { $count } tane daha
}
desk-answer = Yanıtlanacak talep
desk-offer-ends = Teklifin süresi doluyor
desk-clinical = Bir hasta sorun bildirdi
desk-overdue = İyileşme görevleri gecikti
desk-urgent-now = Acil
desk-late = Gecikti
desk-today = Bir gün içinde
desk-new = Yeni
desk-running = Tedavide
desk-check-in = Bugün giriş
desk-not-arrived = Giriş yapılmadı
desk-visits-today = Bugün
desk-visits-week = Sonraki günler
desk-visits-none = Bugün kimse yok
desk-visits-none-text = Günün girişleri ve tedavileri burada görünür.
desk-chart = Son on iki ay
desk-chart-inquiries = Talepler
desk-chart-quotes = Teklifler
desk-chart-bookings = Rezervasyonlar
my-event-booking-reduced = Rezervasyonunuz artık daha ucuz
