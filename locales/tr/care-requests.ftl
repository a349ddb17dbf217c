## Tek başına satın alınan bakım

buy-title = Başka yerde yapılmış bir tedavinin bakımı
buy-lead = Kliniklerimizden biri iyileşmenizi izler: fotoğraflarınıza bakar, sorularınızı yanıtlar ve bir sorun varsa erken görür.
buy-months =
    { $count ->
        [one] { $count } ay
       *[other] { $count } ay
    }
buy-choose = Ne satın alıyorsunuz
buy-price-monthly = { $name }: ayda { $amount }
buy-price-monthly-hint = Aynı karttan { $count } ödeme, toplam { $total }. İstediğiniz zaman durdurabilirsiniz; ödediğiniz ayla biter.
buy-price-fixed = { $name }: bir kez { $amount }
buy-price-fixed-hint = Bütün süre için tek ödeme.
buy-treatment = Tedaviniz
buy-clinic = Tedavinin yapıldığı klinik
buy-date = Tedavi günü
buy-method = Yöntem
buy-method-choose = Yöntemi seçin
buy-grafts = Greft
buy-grafts-hint = Sayısını biliyorsanız; bilmiyorsanız boş bırakın.
buy-concerns = Şu anda sizi ne kaygılandırıyor
buy-concerns-hint = Bunu yalnızca size bakan klinik okur.
buy-terms = Koşulları okudum ve kabul ediyorum.
buy-total = Toplam fiyat
buy-submit = Ödemeye geç
buy-next = Sonraki sayfada isteğinizi görür, orada kartla ödersiniz.
buy-none-title = Şu anda satışta bir şey yok
buy-none-text = Lütfen daha sonra yeniden bakın ya da bize yazın.
buy-open-title = Henüz karara bağlanmamış bir isteğiniz var
buy-open-text = Yenisini açmadan önce onu tamamlayın ya da durdurun.
buy-open-action = İsteğinize gidin
buy-offer-title = Başka yerde mi tedavi oldunuz?
buy-offer-text = İyileşmenizi altı ya da on iki ay boyunca kliniklerimizden birine izletebilirsiniz.
buy-offer-action = Fiyatlara bakın
buy-own = Satın aldığınız bakım

careq-unpaid = Henüz ödenmedi
careq-waits = Klinik bekliyor
careq-assigned = Bir kliniğe verildi
careq-active = Sürüyor
careq-ended = Bitti
careq-state-pending = Bekliyor
careq-state-assigned = Bir kliniğe verildi
careq-state-activated = Sürüyor
careq-state-rejected = Bitti
careq-fixed = bir kez ödenir
careq-monthly = aylık ödenir
careq-unpaid-title = Tek bir adım kaldı: ödemeniz
careq-unpaid-text = İsteğiniz iki gün saklanır. Ödediğinizde bir kliniğe gider.
careq-waits-title = Teşekkürler, ödemeniz ulaştı
careq-waits-text = Size bir klinik seçiyoruz. En çok bir hafta sürer; bulamazsak hepsini geri alırsınız.
careq-assigned-title = Size { $clinic } bakacak
careq-assigned-text = Klinik şimdi planınızı kuruyor. Başladığında sizi haberdar ederiz.
careq-active-title = Bakımınız sürüyor
careq-active-text = Ne zaman ne yapacağınızı planınız söyler.
careq-owes-title = Açık bir ödeme var
careq-owes-text = Bakımınızın sürmesi için lütfen ödeyin.
careq-expired-title = Bu istek ödenmediği için sona erdi
careq-expired-text = Hiçbir şey çekilmedi. İstediğiniz zaman yenisini açabilirsiniz.
careq-stopped-title = Bu isteği durdurdunuz
careq-stopped-text = Ödediğiniz ne varsa kartınıza iade edilir.
careq-rejected-title = Bu isteği kabul edemedik
careq-rejected-text = { $reason } Ödediğiniz tutar kartınıza iade edilir.
careq-untaken-title = Size bir klinik bulamadık
careq-untaken-text = Üzgünüz. Ödediğiniz her şey kartınıza iade edilir.
careq-due = Şimdi ödenecek
careq-refused = Bankanız son denemeyi reddetti. Aynı kartla ya da başka bir kartla ödeyin; bir kez çekilir.
careq-accept = Sonraki ayların bu karttan çekilmesini kabul ediyorum.
careq-pay = { $amount } öde
careq-stop = Durdur
careq-stop-all = Bakımınız henüz başlamadı. Şimdi durdurursanız ödediğiniz her şeyi geri alırsınız.
careq-stop-month = Bundan sonra hiçbir şey çekilmez. Bakımınız başlamış olan ayın sonuna kadar sürer; ödeyip başlamadığınız aylar kartınıza iade edilir.
careq-to-plan = Planınıza gidin
careq-to-case = Vakayı aç
careq-treatment = Tedavi
careq-decide = Yapılacaklar
careq-give = Klinik
careq-give-do = Bu kliniğe ver
careq-cases =
    { $count ->
        [one] { $count } süren vaka
       *[other] { $count } süren vaka
    }
careq-said-no = daha önce geri çevirdi
careq-begin = Planı başlat
careq-begin-title = Bu hasta sizi bekliyor
careq-begin-text = Plan bugün başlar. Hasta hemen haberdar olur.
careq-decline = Geri çevir
careq-hold = Bir kliniğe soruldu: süreyi durdur
careq-unhold = Süreyi yeniden işlet
careq-reject = Bu isteği reddet
careq-reject-text = Ödenen her şey hemen iade edilir.
careq-nothing = Karar verilecek bir şey yok.

charge-month = { $of } ayın { $number }. ayı
charge-whole = Bütün süre
charge-refund = İade
charge-due = Ödenecek
charge-planned = Planlandı
charge-paid = Ödendi
charge-refused = Reddedildi
charge-cancelled = Çekilmedi
charge-refunded = İade edildi
charge-returned = Geri verildi
charge-on-its-way = Yolda
charge-again = { $day } günü yeniden deneriz
charge-pay-now = lütfen buradan ödeyin
charge-give-back = Para iade et
charge-most = Bugün en çok { $amount }.
charge-sum = Tutar
charge-sum-again = Tutar bir kez daha (1.000 ABD dolarının üzerinde gerekir)

requests-title = Satın alınan bakım
requests-lead = Ödenmiş ve bekleyen istekler üstte, en eskisi önce. Bir hafta içinde klinik bulunmazsa hastaya iade edilir.
requests-any = Bütün durumlar
requests-what = Ne satın alındı
requests-since = Ne zamandan beri
requests-clinic = Klinik
requests-none-title = Henüz kimse bakım satın almadı
requests-none-text = Bir hasta istek açar açmaz burada görünür.
requests-clinic-lead = Hairline'ın bakmanızı istediği hastalar.
requests-clinic-none-title = Sizi bekleyen bir şey yok
requests-clinic-none-text = Hairline size bakım satın almış bir hasta verdiğinde onu burada bulursunuz.

offerings-title = Satışta olanlar
offerings-lead = Fiyatlar burada yazdığı gibi çekilir. Satışta olanın yeni fiyatı ikinci bir Süper Yöneticiyi bekler; açılmış istekler kendi fiyatında kalır.
offerings-none-title = Henüz plan yok
offerings-none-text = Programla gelen planlar bir sonraki başlatmadan sonra burada olur.
offering-on = Satışta
offering-off = Satışta değil
offering-edit = Değiştir
offering-sold = Hastalar satın alabilir
offering-text = Hastaların okuyacağı metin
offering-how = Nasıl satılır
offering-model-both = Aylık ya da bir kez
offering-model-monthly-subscription = Aylık
offering-model-fixed = Bir kez
offering-prices = Fiyatlar
offering-price-monthly = Ayda { $currency }
offering-price-fixed = Bir kez { $currency }
offering-monthly = ayda { $amount }
offering-fixed = bir kez { $amount }
offering-waits-title = Yeni fiyatlar bekliyor
offering-waits-text = Başka bir Süper Yöneticinin bakması gerekiyor.
offering-approve = Yürürlüğe koy

done-aftercare-stopped = Durduruldu.
done-aftercare-assigned = Kliniğe haber verildi.
done-aftercare-rejected = İstek reddedildi; para iade ediliyor.
done-aftercare-begun = Plan başladı.
done-aftercare-refunded = İade yolda.
done-aftercare-declined = Hairline başka bir klinik arıyor.
done-prices-wait = Kaydedildi. Yeni fiyatlar ikinci bir Süper Yöneticiyi bekliyor.

error-nothing_waits = Burada bekleyen fiyat yok.
error-second_admin_required = Bu fiyatlara başka bir Süper Yöneticinin bakması gerekir.
error-request_final = Bu istek karara bağlanmış.
error-price_not_available = Bu para biriminde böyle satılmıyor. Yeniden seçin.
error-request_open = Henüz karara bağlanmamış bir isteğiniz var. Önce onu tamamlayın ya da durdurun.
error-aftercare_exists = Bu plan zaten başladı.
error-request_not_assigned = İsteği önce bir kliniğe verin.
error-request_not_paid = İlk ödeme henüz ulaşmadı.
error-payment_required = İlk ödeme henüz ulaşmadı.
error-nothing_to_cancel = Süren bir abonelik yok.
