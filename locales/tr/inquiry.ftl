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
error-clinics_elsewhere = Kliniklerinizden birinin ülkesini bırakın ya da önce başka klinikler seçin.
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

## Adım adım talep.

request-start-title = Kliniklere bir kez sorun
request-start-lead = Kısa adımlar, yaklaşık on dakika. İstediğiniz an durup başka bir cihazda sürdürebilirsiniz.
request-start-1 = Ne istediğiniz
request-start-1-text = Şikâyetiniz, nereye ve ne zaman gidebileceğiniz.
request-start-2 = Başınızın beş resmi
request-start-2-text = Telefonunuz yeterli. Nasıl tutacağınızı gösteriyoruz.
request-start-3 = Birkaç tıbbi soru
request-start-3-text = Klinikler bunları bir kod altında görür. Rezervasyona dek adınız burada kalır.
request-begin = Başla
request-go-on = Kaldığınız yerden sürdürün
request-discard = Taslağı at
request-discard-text = Bu taslağın yanıtları ve resimleri kaldırılır, artık kullanılamaz.
request-active-title = Zaten bir talebiniz var
request-active-text = Aynı anda tek talep yürür; klinikler ciddi olduğunu böyle bilir.
request-active-open = Dosyamı aç
request-step-of = Adım { $here } / { $all }
request-pause = Sonra
request-saved = Her adımda kaydedilir
request-yes = Evet
request-no = Hayır
request-done = Tamam
request-wish-title = Neyin tedavi edilmesini istersiniz?
request-wish-hint = İlk klinik yanıt verene dek her şeyi değiştirebilirsiniz.
request-wish-short = İstek
request-problem-hair-transplant = Saç
request-problem-text-hair-transplant = Saç çizgisi, tepe ya da genel seyrelme.
request-problem-beard-transplant = Sakal
request-problem-text-beard-transplant = Sakal, bıyık ya da kaş.
request-problem-both = Saç ve sakal
request-problem-text-both = Tek yolculuk, ikisi için tek plan.
request-concern-title = Sizi ne rahatsız ediyor?
request-concern-hint = Kendi sözlerinizle. İletişim bilgileri kliniklerden gizlenir.
request-concern-short = Şikâyet
request-details = Anlatın
request-details-hint = En az 10 karakter: nerede, ne zamandan beri, ne umuyorsunuz.
request-nature = Birkaç sözcükle
request-nature-hint = Örneğin: gerileyen saç çizgisi. İsteğe bağlı.
request-history-title = Ne zamandır, neler denendi?
request-history-hint = Kliniklerin greft sayısını planlamasına yardım eder.
request-history-short = Geçmiş
request-since = Ne zamandan beri?
request-duration-lt-6m = 6 aydan az
request-duration-6-12m = 6 ila 12 ay
request-duration-1-3y = 1 ila 3 yıl
request-duration-3-5y = 3 ila 5 yıl
request-duration-5-10y = 5 ila 10 yıl
request-duration-gt-10y = 10 yıldan fazla
request-previous = Daha önce ne denediniz?
request-previous-hint = İlaç, tedavi, başka bir ekim. Hiçbiri yoksa yok yazın.
request-severity = Sizi ne kadar rahatsız ediyor?
request-severity-hint = 1 hemen hemen hiç, 10 çok fazla.
request-destinations-title = Nereye gidebilirsiniz?
request-destinations-hint = Bir ya da daha çok ülke seçin, en fazla on.
request-destinations-short = Ülkeler
request-clinics-count = { $count ->
    [one] 1 klinik
   *[other] { $count } klinik
}
request-from = { $price } başlayan
request-dates-title = Ne zaman gidebilirsiniz?
request-dates-hint = Bir ya da daha çok gün aralığı ekleyin. Ne kadar çok verirseniz o kadar çok teklif uyar.
request-ranges-count = { $most } aralıktan { $count } tanesi
request-dates-short = Tarihler
request-range-start = İlk gün
request-range-end = Son gün
request-range-add = Bu günleri ekle
request-range-remove = Kaldır
request-clinics-title = Hangi klinikler yanıtlasın?
request-clinics-hint = En fazla beş seçin. Ülkelerinizdeki başka iyi kliniklere de soruyoruz.
request-clinics-short = Klinikler
request-no-clinics = Bu ülkelerde şu an talep alan klinik yok. Lütfen başka bir ülke seçin.
request-photos-title = Başınızın beş resmi
request-photos-hint = Gün ışığı, kuru saç, şapkasız, başın tamamı resimde.
request-photos-short = Resimler
request-photos-done = 5 resimden { $count }
request-photo-upload = Yükle
request-photo-replace = Değiştir
request-photo-remove = Kaldır
request-photo-camera = Kamerayı kullan
request-photo-camera-refused = Kamera burada kullanılamıyor. Bunun yerine bir resim seçin.
request-photo-take = Resmi çek
request-photo-turn = Kamerayı çevir
request-view-front = Ön
request-view-hint-front = Doğrudan kameraya bakın, saç alından geride olsun.
request-view-top = Tepe
request-view-hint-top = Başınızı eğin, telefonu üzerinde tutun.
request-view-left = Sol yan
request-view-hint-left = Sol kulağınız kameraya baksın.
request-view-right = Sağ yan
request-view-hint-right = Sağ kulağınız kameraya baksın.
request-view-back = Arka
request-view-hint-back = Enseye dek başınızın arkası. Birinden yardım isteyin.
request-health-title = Sağlığınız
request-health-hint = Dürüst yanıtlayın: güvenliğiniz buna bağlı. Yalnızca sorduğunuz klinikler, bir kod altında okur.
request-health-short = Sağlık
request-yes-count = { $count ->
    [0] Tümü hayır
    [one] 1 evet
   *[other] { $count } evet
}
request-notes = Kliniklerin bilmesi gereken başka bir şey var mı?
request-review-title = Her şey doğru mu?
request-review-hint = Öyleyse gönderin. Kliniklerin yanıt için 72 saati var.
request-review-short = Gözden geçirme
request-terms = Yanıtlarımı denetledim ve koşulları kabul ediyorum.
request-send = Kliniklere gönder
done-request-sent = Talebiniz kliniklerde.
done-request-discarded = Taslak kaldırıldı.
done-photo-added = Resim kaydedildi.
done-photo-removed = Resim kaldırıldı.
error-text_too_short = Lütfen biraz daha yazın.
error-severity_out_of_range = 1 ile 10 arasında bir sayı seçin.
error-required = Bu gerekli.
error-terms_required = Lütfen koşulları kabul edin.
request-sort = Önerilen
request-sort-rating = En yüksek puan
request-sort-price = En düşük fiyat
request-any-country = Tüm ülkeleriniz
request-clinics-search = Klinik arayın
request-clinics-ticked = Şimdiye dek seçtikleriniz
request-clinics-page = Sayfa { $here } / { $all }
request-clinics-dropped = { $count ->
    [one] Seçtiğiniz bir klinik bu ülkelerde değil. Listeden çıkarıldı.
   *[other] Seçtiğiniz { $count } klinik bu ülkelerde değil. Listeden çıkarıldı.
}
request-clinic-elsewhere = artık ülkelerinizde değil
request-clinic-closed = şu an talep almıyor
request-no-clinics-found = Bu aramaya uyan klinik yok.
request-photo-too-large = Bu resim çok büyük. En fazla { $size } MB olabilir: kamerada daha küçük bir boyut seçin ya da resmi önce kendinize daha küçük boyutta gönderin.
request-photo-wrong-kind = Bu bir JPEG ya da PNG resmi değil. Lütfen başka bir resim seçin.
request-photo-choose = Önce bir resim seçin.
request-evidence-title = Gösterecek başka bir şey var mı?
request-evidence-hint = Eski resimler, kısa bir video, bir doktor yazısı. Bu adımı boş geçebilirsiniz.
request-evidence-short = Ek dosyalar
request-evidence-count = { $count ->
    [0] Yok
    [one] 1 dosya
   *[other] { $count } dosya
}
request-conflict = Bu adım başka bir cihazda değiştirildi
request-conflict-text = Hiçbir şey kaybolmadı: burada yazdıklarınız aşağıda. Bunları tutmak için devam edin ya da kayıtlı olanı alın.
request-stored = Şu an kayıtlı olan
request-stored-nothing = Hiçbir şey
request-stored-keep = Kayıtlı olanı al
request-lack-profile = Profiliniz tamamlanmamış
request-lack-profile-text = Klinikler yanıt verebilmek için yaşınızı ve ülkenizi bilmeli. Sonra buraya dönersiniz.
request-lack-profile-open = Profilimi tamamla
request-lack-consents = Onayınız eksik
request-lack-consents-text = Talebiniz ancak sağlık verilerinizi saklamamıza ve kliniklerle paylaşmamıza onay verirseniz gönderilebilir.
request-lack-consents-open = Oku ve onayla
request-lack-account = Bu hesap talep gönderemez
request-lack-account-text = Talepler, e-posta adresi onaylanmış 18 ile 100 yaş arasındaki kişiler içindir. Bir yanlışlık varsa lütfen destekle iletişime geçin.
error-request_changed = Başka bir cihazda bir şey değiştirildi. Lütfen bir kez daha okuyun, sonra gönderin.
request-destinations-count = { $most } ülkeden { $count } seçildi
request-destinations-chosen = Ülkeleriniz, en çok istediğiniz başta
request-destinations-primary = ilk tercih
request-destinations-earlier = Yukarı al
request-destinations-others = Diğer ülkeler
request-destinations-more = { $count ->
    [one] 1 ülke daha göster
   *[other] { $count } ülke daha göster
}
request-destinations-order = Kaydet ve sırala
request-question-of = Soru { $here } / { $all }
request-question-before = Önceki soru
request-habits-title = Günlük yaşam
request-habits-hint = Bunların hepsi isteğe bağlı. Kliniklerin güvenle planlamasına yardım eder; bir kod altında okurlar.
request-habits-short = Günlük yaşam
request-smoking = Sigara içiyor musunuz?
request-smoking-hint = Örneğin: hayır ya da günde on sigara.
request-alcohol = Alkol alıyor musunuz?
request-alcohol-hint = Örneğin: nadiren ya da akşamları bir kadeh şarap.
request-family = Ailenizde saç dökülmesi
request-family-hint = Örneğin: baba ve dede.
request-lifestyle = Günlük yaşamda önemli olabilecek şeyler
request-lifestyle-hint = Spor, açık havada iş, vardiya, kask.
request-clinics-chosen = { $most } klinikten { $count } seçildi
request-any-rating = Her puan
request-rating-4 = 4 yıldız ve üzeri
request-rating-45 = 4,5 yıldız ve üzeri
request-any-specialty = Her uzmanlık
request-specialty-hair = Saç
request-specialty-beard = Sakal
request-specialty-both = Saç ve sakal
request-sort-experience = En deneyimli
request-no-clinics-country = Başka bir ülke seçin
request-no-clinics-support = Destek ekibine yazın
request-any-language = Tüm diller
request-any-price = Tüm fiyatlar
request-price-to = Başlangıç fiyatı en çok { $price }
request-featured = Öne çıkan
request-photo-very-sharp = Çok net
request-photo-sharp-enough = Yeterince net
request-months = Gelebileceğiniz aylar
