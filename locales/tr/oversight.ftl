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
error-sort_needs_inquiry = Puana göre sıralama tek bir talep içinde yapılır.
event-inquiry-reopened = Talep yeniden açıldı
event-inquiry-archived = Talep kaldırıldı
event-withdrawal-requested = Klinik çekilmek istedi
event-withdrawal-resolved = Çekilme isteği karara bağlandı
event-quote-restored = Teklif geri getirildi
my-event-inquiry-reopened = Talebiniz devam ediyor
my-event-withdrawal-requested = Klinik çekilmek istedi
my-event-withdrawal-resolved = Kliniğin isteği hakkında karar verdik
my-event-quote-restored = Bir teklif yeniden açık

## Ekibin elindeki bir dosya.
cm-title = Klinikler ve süreler
cm-back = Dosyaya dön
cm-counted = { $count ->
    [one] 10 yerden 1'i dolu
   *[other] 10 yerden { $count } tanesi dolu
}
cm-source-selected = hastanın seçtiği
cm-source-matched = eşleşen
cm-source-admin = ekibin eklediği
cm-source-exclusive = yalnızca bu klinik için
cm-change = Değiştir
cm-reason = Gerekçe
cm-reason-hint = 10 ile 500 karakter. Kayıtlarda saklanır.
cm-utc = UTC olarak.
cm-deadline-one = Bu kliniğin yeni süre sonu
cm-deadline-set = Süreyi belirle
cm-remove = Dosyayı geri al
cm-remove-reason = Dosya neden geri alınıyor?
cm-add-title = Klinik ekle
cm-add-text = Talep alan her klinik, başka ülkelerden de olabilir. Şu andan itibaren tam süresi olur.
cm-add-search = Kliniğin adı
cm-add-none = Bu adla talep alan ve burada olmayan bir klinik yok.
cm-add-choose = Bulunan klinikler
cm-add-beyond = On kliniği bilerek aş
cm-add = Ekle
cm-extend-title = Talebi sürdür
cm-extend-text = Önce daha önce sorulmamış klinikler, sonra süresini geçirenler; en çok on. Sona ermiş talep yeniden açılır.
cm-extend-country = Bir ülkede daha ara
cm-extend-country-hint = İsteğe bağlı.
cm-extend = Başka kliniklere sor
cm-distribute-title = Yeniden dağıt
cm-distribute-text = Boş yerler, seçilen ülkelerdeki daha önce sorulmamış en iyi kliniklerle doldurulur.
cm-distribute = Yeniden dağıt
cm-deadline-title = Tüm süreleri kaydır
cm-deadline-text = Yanıt vermemiş ve süresi olan her klinik için.
cm-deadline-all = Yeni süre sonu
cm-reopen-title = Tıbbi yanıtları yeniden iste
cm-reopen-text = Onları yalnızca hasta verir. Değiştiklerinde kliniklere haber verilir.
cm-reopen = Hastadan iste
cm-archive-title = Dosyayı kaldır
cm-archive-text = Okunabilir kalır ve listelerden çıkar. Artık üzerinde işlem yapılamaz.
cm-archive = Kaldır
cm-archived = Bu dosya kaldırıldı
cm-archived-text = Yalnızca okunabilir.
done-case-add = Dosya artık bu kliniklerde.
done-case-remove = Dosya artık bu klinikte değil.
done-case-deadline = Süre belirlendi.
done-case-distribute = Dağıtım yapıldı.
done-case-extend = Başka kliniklere soruldu.
done-case-reopen = Hastadan yeniden yanıtlaması istendi.
done-case-archive = Dosya kaldırıldı.
done-case-edit = Talep değiştirildi ve kliniklere haber verildi.
ce-title = Talebi değiştir
ce-open = Talebi değiştir
ce-lead = Tıbbi yanıtlar ve resimler yalnızca hastanındır.
ce-why-title = Neden açıyorsunuz?
ce-why-text = Talep tıbbi veridir. Gerekçeniz saklanır, erişim 30 dakika sürer.
ce-why = Gerekçe
ce-why-hint = 20 ile 500 karakter.
ce-why-send = Talebi aç

## Süren bir talep.
extend-title = Talebiniz sürsün
extend-asked = { $count ->
    [one] bir kliniğe soruldu
   *[other] { $count } kliniğe soruldu
}
extend-text = Hiçbir klinik zamanında yanıt vermedi. Başkalarına, kaçıranlara da bir kez daha sorabiliriz. Yeniden üç günleri olur; biri yanıt verince size haber veririz.
extend-countries = Başka ülkelerde de ara
extend-countries-hint = İsteğe bağlı. Ülke çoğaldıkça klinik de çoğalır.
extend-send = Başka kliniklere sor
extend-else = Başka yollar
extend-new = Yeni bir talep başlat
extend-new-text = Başka istekler, tarihler veya resimlerle
extend-read = Talebinizi okuyun
extend-read-text = Kliniklere ne söylendiği
done-request-extended = Talebiniz sürüyor. Artık daha çok klinikte.
my-next-extend-title = Zamanında yanıt gelmedi
my-next-extend-text = Talebiniz sürebilir: başka kliniklere, kaçıranlara da bir kez daha sorulur.
my-next-extend-label = Sürdür
past-title = Tüm taleplerim
past-lead = Bitenler okunmak üzere burada kalır.
past-all = Tüm talepler
past-link-text = Bitenler de burada
past-new = Yeni talep
past-none = Henüz talep yok
past-none-text = Ne istediğinizi bir kez anlatın, klinikler teklifleriyle yanıt versin.
past-clinics = { $count ->
    [one] 1 klinik
   *[other] { $count } klinik
}

## Teklif listeleri.
qs-all = Her durum
qs-archived = Kaldırıldı
qs-dead = Sona eren hepsi
qs-inquiry = Taslak
qs-quote = Geçerli
qs-accepted = Kabul edildi
qs-confirmed = Rezerve
qs-inprogress = Tedavide
qs-aftercare = Bakımda
qs-completed = Tamamlandı
qs-rejected = Reddedildi
qs-cancelled = Sona erdi
qs-expired = Süresi doldu
qs-withdrawn = Geri çekildi
qs-other-accepted = Başkası seçildi
qs-inquiry-cancelled = Talep iptal
qs-draft-lapsed = Taslak düştü
qs-provider-withdrawal = Klinik çekildi
qs-booking-cancelled = Rezervasyon iptal
qs-sort-down-created-at = Önce en yeni
qs-sort-created-at = Önce en eski
qs-sort-price = Önce en düşük fiyat
qs-sort-down-price = Önce en yüksek fiyat
qs-sort-expires-at = Önce süresi dolacak olan
pl-title = Teklifler
pl-lead = Kliniğinizin yazdığı, gönderdiği ve rezerve ettiği her şey.
pl-search = Teklif koduyla ara
pl-sort = Sıralama
pl-count = { $count ->
    [one] 1 teklif
   *[other] { $count } teklif
}
pl-col-quote = Teklif
pl-asked = çekilmek istiyor
pl-none = Henüz teklif yok
pl-none-text = Bir talebi açın ve ilk teklifinizi yazın.
pq-tabs = Sayfanın bölümleri
pq-tab-offer = Teklif
pq-tab-patient = Hasta
pq-tab-request = Talep
pq-tab-history = Sürümler
pq-request-title = Talep
pq-request-code = Kod
pq-request-open = Talebin tamamını oku
pq-versions-none = Henüz bir şey gönderilmedi.
pq-by-clinic = klinik tarafından
pq-by-staff = Hairline tarafından
pq-changes-count = { $count ->
    [one] bir değişiklik
   *[other] { $count } değişiklik
}
pq-change-what = Ne
pq-change-before = Önce
pq-change-after = Şimdi
pq-changed-expires-at = geçerlilik
offer-changed-expires-at = Ne kadar geçerli olduğu
pq-part-treatment = Tedavi
pq-part-packages = Paketler
pq-part-services = Hizmetler
pq-part-fees = Ücretler
pq-part-discount = İndirim
pq-part-total = Toplam
pq-archived-text = Yalnızca Hairline ekibi geri getirebilir.
pq-archive-title = Kaldır
pq-archive-lead = Listenizden çıkar ve okunabilir kalır.
pq-archive-live = Şu anda geçerli: önce geri çekilir ve hastaya haber verilir.
pq-archive-open = Bu teklifi kaldır
pq-archive-send = Kaldır
pq-leave-title = Çekil
pq-leave-lead = Hasta kabul etti. Teklifi yerine getiremiyorsanız bize hemen bildirin.
pq-leave-open = Çekilmek iste
pq-leave-text = Hairline ekibi karar verene kadar ödeme yapılamaz ve randevu ayrılmış kalır. Hastaya gerekçeniz olmadan haber verilir.
pq-leave-reason = Neden?
pq-leave-reason-hint = Yalnızca Hairline ekibi için, 3 ile 500 karakter.
pq-leave-send = Hairline'a gönder
pq-leave-asked = Çekilmek istediniz
pq-leave-asked-text = Hairline ekibi karar verir. O zamana kadar ödeme yapılamaz.
done-pq-archived = Teklif kaldırıldı.
done-pq-asked-to-leave = İsteğiniz Hairline ekibinde, yakında karar verilir.
aq-title = Teklifler
aq-lead = Taleplerine göre tüm teklifler.
aq-search = Kod ya da hastanın adı
aq-count = { $count ->
    [one] 1 talep
   *[other] { $count } talep
}
aq-none = Henüz teklif yok
aq-none-text = Bir klinik yazdığında burada görünür.
aq-submitted = Gönderildi
aq-accepted = Kabul edildi
aq-hold = Ayrıldığı süre sonu
aq-lapses = Ödenmeden biten ayırmalar
aq-commission = Hairline komisyonu
aq-edit-title = Bu teklifi değiştir
aq-edit-text = Hastaya ve kliniğe neyin değiştiği bildirilir. Toplamlar yeniden hesaplanır.
aq-price = O gün tedavinin fiyatı
aq-slot-date = Randevu günü
aq-slot-time = Klinikteki saat
aq-hours = Geçerlilik, saat olarak
aq-hours-hint = Gönderildiği andan itibaren. 1 ile 720 arası.
aq-restore-title = Geri getir
aq-restore-text = Teklif yeniden geçerli olur, taslak kliniğe döner. Başka teklif kabul edildiyse ya da randevu doluysa mümkün değildir.
aq-restore = Geri getir
done-quote-edit = Teklif değiştirildi, iki tarafa da haber verildi.
done-quote-restore = Teklif geri geldi.
done-quote-resolve = Karar verildi, iki tarafa da haber verildi.
aa-title = Kabuller
aa-lead = Hastaların neyi kabul ettiği ve sonra ne olduğu.
aa-all = Her durum
aa-state-active = Geçerli
aa-state-lapsed = Ayırma ödenmeden bitti
aa-state-superseded = İptalle sona erdi
aa-none = Henüz bir şey kabul edilmedi.
aa-accepted = Kabul
aa-held = Ayrıldığı süre sonu
aw-title = Çekilmek isteyen klinikler
aw-lead = Önce en eski istek. Siz karar verene kadar ödeme alınmaz ve ayırma bitmez.
aw-badge = çekilmek istiyor
aw-none = Çekilmek isteyen yok
aw-none-text = Kabul edilmiş teklifi yerine getiremeyen bir klinik burada görünür.
aw-one-title = Klinik çekilmek istiyor
aw-one-asked = İstendi
aw-one-text = Kabul ederseniz teklif biter ve dosya yeniden açılır. Reddederseniz teklif geçerli kalır ve hasta kaybettiği süreyi geri alır.
aw-refuse = Teklif geçerli kalsın
aw-grant = Kliniği bırak
nav-quotes = Teklifler
nav-withdrawals = Çekilme istekleri

cases-clinics = Klinik
cases-from-country = Her ülkeden hastalar
cases-at-country = Her ülkeden klinikler
cases-any-payment = Her ödeme durumu
cases-paid-yes = Kısmen ya da tamamen ödendi
cases-paid-no = Hiç ödenmedi
cases-open = Kaldırılmamış
cases-archived = Kaldırılmış
cases-sent-from = Gönderim, ilk gün
cases-sent-to = son gün
pq-filter-age-from = Yaş, en az
pq-filter-age-to = en çok
pq-filter-from = Gelebileceği ilk gün
pq-filter-to = son gün
pq-archive-draft = Bu taslağı kaldır
aq-net = Klinik alır
cm-extend-country-none = Başka ülke yok
offer-from = Randevu, ilk gün
offer-to = son gün
