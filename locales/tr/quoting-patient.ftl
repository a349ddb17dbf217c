# Hastanın teklifleri.

offer-list-title = Teklifleriniz
offer-list-lead = Rahatça karşılaştırın. Birini seçip depozitoyu ödeyene dek hiçbir şey ayrılmaz.
offer-back-case = Dosyam
offer-back-offer = Teklife dön
offer-sort = Sıralama
offer-sort-price = Önce en düşük fiyat
offer-sort-dearest = Önce en yüksek fiyat
offer-sort-grafts = Önce en çok greft
offer-sort-newest = Önce en yeni
offer-none-title = Henüz teklif yok
offer-none-text = İlk yanıt gelir gelmez size haber veririz.
offer-unrated = Henüz yorum yok
offer-per-graft-short = greft başına { $price }
offer-treatment = Tedavi
offer-grafts = Greft
offer-when = Randevu
offer-zone = Saat dilimi
offer-clinician = Hekim
offer-until = Geçerlilik
offer-total = Toplam
offer-per-graft = Greft fiyatı
offer-rating = Puan
offer-currencies = Bu teklifler farklı para birimlerinde; bu yüzden hiçbir fiyat en düşük olarak işaretlenmedi.
offer-details = Ayrıntılar
offer-choose = Seç
offer-choice = Seçiminiz
offer-compare = İşaretlileri karşılaştır
offer-compare-this = Karşılaştır
offer-compare-title = Yan yana
offer-compare-lead = Karşılaştırılabilen satırlarda en iyi değer işaretlidir.
offer-about-clinic = Klinik hakkında
offer-what = Neler sunuluyor
offer-included = Dahil olanlar
offer-includes-flight = Uçuş
offer-includes-hotel = Otel
offer-includes-transport = Transfer
offer-days = Gün gün
offer-note = Klinikten bir söz
offer-price = Fiyat
offer-sum-treatment = Tedavi
offer-sum-discount = İndirim
offer-to-booking = Rezervasyonuma
offer-decline = Bu teklifi reddet
offer-decline-text = Kliniğe bildirilir. Sonrasında bu teklifi alamazsınız.
offer-state-inquiry = Hazırlanıyor
offer-state-quote = Açık
offer-state-accepted = Kabul edildi
offer-state-confirmed = Ayrıldı
offer-state-inprogress = Tedavide
offer-state-aftercare = Bakımda
offer-state-completed = Tamamlandı
offer-state-rejected = Reddedildi
offer-state-cancelled = Kapandı
offer-reason-expired = Süresi doldu.
offer-reason-withdrawn = Klinik geri aldı.
offer-reason-other-accepted = Başka birini seçtiniz.
offer-reason-inquiry-cancelled = Talep iptal edildi.
offer-reason-draft-lapsed = Hiç gönderilmedi.
offer-reason-provider-withdrawal = Klinik çekildi.
offer-reason-booking-cancelled = Rezervasyon iptal edildi.
offer-accept-title = Bu teklifi seçin
offer-next = Sırada ne var
offer-next-1 = Tarihiniz { $hours } saat tutulur
offer-next-1-text = Bu arada başka kimse alamaz. Diğer teklifler kapanır.
offer-next-2 = { $amount } depozitoyu ödersiniz
offer-next-2-text = Toplamın %{ $percent } kadarı, kartla. Rezervasyonunuzu onaylar.
offer-next-3 = Klinik adınızı öğrenir
offer-next-3-text = Bundan sonra yolculuğu birlikte planlarsınız. Kalan tutar tedaviden { $days } gün önce ödenir.
offer-terms = Koşulları ve iptal politikasını kabul ediyorum.
offer-accept = { $amount } için seç
offer-accept-note = Bu sayfada hiçbir şey ödemezsiniz.
offer-closed-title = Bu teklif kapandı
offer-closed-text = Süresi doldu ya da geri alındı. Diğer tekliflerinize bakın.
offer-sort-date = Önce en yakın tarih
offer-sort-rating = Önce en yüksek puan
offer-reviews = { $count ->
    [one] 1 yorum
   *[other] { $count } yorum
}
offer-waiting = { $count ->
    [one] Bir klinik daha yanıt verebilir,
   *[other] { $count } klinik daha yanıt verebilir,
}
offer-waiting-until = sonuncusunun süresi:
offer-none-over = Yanıt verebilecek klinik kalmadı. Şimdi neler yapabileceğinizi dosyanızın sayfasında görürsünüz.
offer-pick-again = Karşılaştırmak için iki ya da üç teklif işaretleyin.
offer-technique = Teknik
offer-technique-fue = FUE
offer-technique-fut = FUT
offer-technique-dhi = DHI
offer-technique-sapphire-fue = Safir FUE
offer-technique-robotic = Robotik
offer-technique-other = Başka bir teknik
offer-length = Süre
offer-day-count = { $count ->
    [one] 1 gün
   *[other] { $count } gün
}
offer-day-number = { $number }. gün
offer-best-price = en düşük
offer-best-date = en yakın
offer-best-rating = en yüksek puan
offer-who = Sizi kim tedavi edecek
offer-package = Paket
offer-package-terms = Paketin koşulları
offer-sum-list = İndirimden önce
offer-fx = Fiyat { $currency } cinsindendir. Başka bir para biriminde öderseniz, kur bu teklifi seçtiğinizde sizin için sabitlenir.
offer-paying = Nasıl ödersiniz
offer-paying-deposit = Seçtiğinizde yüzde { $percent } depozito ödersiniz.
offer-paying-balance = Kalan tutar tedaviden { $days } gün önce ödenir.
offer-revised = Klinik bu teklifi değiştirdi:
offer-revised-total = Fiyat { $before } idi.
offer-revised-now = Şimdi { $total }.
offer-changed-treatment = Tedavi
offer-changed-grafts = Greft sayısı
offer-changed-dates = Olası tarihler
offer-changed-packages = Paketler
offer-changed-services = Hizmetler
offer-changed-fees = Ücretler
offer-changed-inclusions = Dahil olanlar
offer-changed-clinician = Sizi tedavi edecek kişi
offer-changed-clinician-note = Sizi tedavi edecek kişi hakkındaki not
offer-changed-slot = Randevu
offer-changed-plan = Günlerin planı
offer-changed-included-services = Yolculuk
offer-changed-note = Klinikten gelen not
offer-changed-price = Fiyatın parçaları
offer-state-ended = Sona erdi
offer-tiers = İptal etmeniz gerekirse
offer-tiers-more = İptal politikasının tamamını okuyun
offer-tier-until = { $day } tarihine kadar
offer-tier-days = { $days } gün öncesine kadar
offer-tier-later = Daha sonra
offer-tier-back = Ödediğinizin yüzde { $percent } kadarı
offer-tier-nothing = İade yok
error-compare_count = İki ya da üç teklif seçin.
error-compare_mixed = Bu teklifler farklı taleplere ait.

cancel-title = Talebimi iptal et
cancel-lead = Açık teklifler kapanır ve kliniklere bildirilir. Nedenini öğrenmezler.
cancel-why = Neden iptal ediyorsunuz?
cancel-notes = Eklemek istedikleriniz
cancel-submit = Talebi iptal et
cancel-reason-changed-my-mind = Fikrimi değiştirdim
cancel-reason-better-option = Başka yerde daha iyisini buldum
cancel-reason-medical-concerns = Tıbbi kaygılar
cancel-reason-financial-reasons = Maddi nedenler
cancel-reason-travel-restrictions = Seyahat engelleri
cancel-reason-timeline = Tarihler uymuyor
cancel-reason-other = Başka bir şey
done-offer-accepted = Tarihiniz tutuldu. Şimdi depozitoyu ödeyin.
done-offer-declined = Teklif reddedildi.
error-quote_changed = Klinik bu arada teklifi değiştirdi. Seçmeden önce lütfen yeniden okuyun.
offer-estimate = Kendi para biriminizde, tahmini
offer-estimate-short = Bugün yaklaşık { $amount }, para biriminizde bir tahmin
offer-estimate-note = Para biriminizdeki tutar bugünkü kurla yapılmış bir tahmindir.
offer-decline-why = Neden size uymuyor?
offer-decline-why-hint = Dilerseniz yazın. Daha iyi olmak için biz okuruz; klinik görmez.
error-decline_reason_length = Lütfen en fazla 500 karakter yazın.
offer-dates = Tarihler ve fiyatlar
offer-dates-note = Fiyat yalnızca tedavi içindir. Toplam, randevu gününüze göredir; başka bir gün için seçmeden önce bize yazın.
offer-dates-count = { $count ->
    [one] Fiyatıyla 1 tarih
   *[other] Fiyatlarıyla { $count } tarih
}
offer-date-chosen = randevunuz
offer-credentials = Deneyim
offer-clinic-years = { $years ->
    [one] 1 yıllık deneyim
   *[other] { $years } yıllık deneyim
}
offer-ran-out = Süresi doldu: { $when }
offer-decline-short = Reddet
offer-support = Destek ekibine yazın
cancel-impact = { $count ->
    [one] 1 teklif iptal edilecek
   *[other] { $count } teklif iptal edilecek
}
cancel-impact-text = Bu geri alınamaz. Dilediğiniz zaman yeni bir talep başlatabilirsiniz.
cancel-feedback = Neyi daha iyi yapabilirdik?
cancel-feedback-hint = Dilerseniz yazın. Biz okuruz; klinikler görmez.
cancel-done-title = Talebiniz iptal edildi
cancel-done-lead = Kliniklere bildirildi. Nedenini öğrenmezler.
cancel-done-code = Referans
cancel-done-at = İptal zamanı
cancel-done-offers = Teklifler
cancel-done-count = { $count ->
    [0] Açık teklif yoktu
    [one] 1 teklif iptal edildi
   *[other] { $count } teklif iptal edildi
}
cancel-done-new = Yeni bir talep başlat
