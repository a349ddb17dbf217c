notify-inquiry-distributed-title = Yeni talep { $code }
notify-inquiry-distributed-body = { $other } bir teklif arıyor. Lütfen süre dolmadan yanıt verin.
notify-inquiry-updated-title = Talep { $code } değişti
notify-inquiry-updated-body = { $other } talebini değiştirdi.
notify-inquiry-unmatched-title = Talep { $code } için henüz klinik yok
notify-inquiry-unmatched-body = Uygun bir klinik arıyoruz, kısa sürede döneceğiz.
notify-inquiry-no-quotes-title = { $code } için henüz teklif yok
notify-inquiry-no-quotes-body = Süre doldu. Uzatabilir, klinik ekleyebilir veya başka ülkeler seçebilirsiniz.
notify-inquiry-provider-declined-title = Bir klinik { $code } talebini reddetti
notify-inquiry-provider-declined-body = { $other } için başka bir klinik gerekebilir.
notify-inquiry-cancelled-title = Talebiniz { $code } iptal edildi
notify-inquiry-cancelled-body = { $reason ->
    [none] Bu taleple ilgili işlem yapılmayacak. Dilediğiniz zaman yenisini gönderebilirsiniz.
   *[other] Neden: { $reason }. Bu taleple ilgili işlem yapılmayacak. Dilediğiniz zaman yenisini gönderebilirsiniz.
}
notify-quote-submitted-title = Bir teklifiniz var
notify-quote-submitted-body = { $other } size bir teklif gönderdi. Süresi dolmadan karşılaştırın ve karar verin.
notify-quote-updated-title = Teklif { $code } değişti
notify-quote-updated-body = Karar vermeden önce yeni sürümü okuyun.
notify-quote-expiring-soon-title = Teklif { $code } yakında sona eriyor
notify-quote-expiring-soon-body = Yalnızca birkaç saat kaldı.
notify-quote-expired-title = Teklif { $code } sona erdi
notify-quote-expired-body = Artık kabul edilemez.
notify-quote-accepted-title = Teklif { $code } kabul edildi
notify-quote-accepted-body = Randevu ilk ödemeye kadar 48 saat ayrıldı.
notify-quote-declined-title = Teklif { $code } reddedildi
notify-quote-declined-body = { $other } bu teklifi seçmedi.
notify-quote-withdrawn-title = Bir teklif geri çekildi
notify-quote-withdrawn-body = { $other } teklifini geri çekti.
notify-quote-cancelled-other-accepted-title = Teklif { $code } kapandı
notify-quote-cancelled-other-accepted-body = { $other } başka bir teklifi kabul etti.
notify-quote-cancelled-inquiry-title = Talep hasta tarafından iptal edildi
notify-quote-cancelled-inquiry-body = Teklif { $code } kapandı.
notify-booking-scheduled-title = { $code } için randevu ayrıldı
notify-booking-scheduled-body = İlk ödemeyle kesinleşir.
notify-booking-hold-expiring-title = Randevunuz kısa süre daha ayrılmış durumda
notify-booking-hold-expiring-body = Korumak için kaporayı ödeyin.
notify-booking-hold-released-title = { $code } randevusu yeniden boş
notify-booking-hold-released-body = İlk ödeme zamanında ulaşmadı.
notify-booking-confirmed-title = Rezervasyon { $code } onaylandı
notify-booking-confirmed-body = { $other } ile tüm ayrıntılar portalda.
notify-booking-cancelled-title = Rezervasyon { $code } iptal edildi
notify-booking-cancelled-body = Ayrıntılar portalda.
notify-booking-rescheduled-title = Rezervasyon { $code } başka bir tarihe alındı
notify-booking-rescheduled-body = Yeni gün ve saat portalda.
notify-payment-received-title = Ödeme alındı
notify-payment-received-body = { $code } için bir ödeme ulaştı.
notify-payment-failed-title = Ödemeniz gerçekleşmedi
notify-payment-failed-body = Hiçbir tutar çekilmedi. Lütfen başka bir kartla deneyin.
notify-payment-refund-account-changed-title = İadeleriniz için verilen hesap değişti
notify-payment-refund-account-changed-body = Bunu siz yapmadıysanız hemen bize yazın ve parolanızı değiştirin.
notify-payment-refunded-title = İadeniz yolda
notify-payment-refunded-body = Birkaç gün içinde bankanızda olur.
notify-treatment-started-title = Tedavi başladı
notify-treatment-started-body = { $other }: giriş yapıldı.
notify-treatment-completed-title = Tedavi tamamlandı
notify-treatment-completed-body = Rehberli bakım süreciniz şimdi başlıyor.
notify-message-received-title = Yeni mesaj
notify-message-received-body = { $other } size yazdı.
notify-conversation-flagged-title = Bir görüşmeye bakılmalı
notify-conversation-flagged-body = Bir mesaj otomatik olarak işaretlendi.
notify-aftercare-activated-title = Bakım planınız hazır
notify-aftercare-activated-body = İlk görevler sizi bekliyor.
notify-aftercare-scan-due-title = Fotoğraf zamanı
notify-aftercare-scan-due-body = Lütfen bu adımın fotoğraflarını çekin.
notify-aftercare-questionnaire-due-title = Bugün nasılsınız?
notify-aftercare-questionnaire-due-body = Kısa bir anket sizi bekliyor.
notify-aftercare-milestone-due-title = Yeni bir adım başlıyor
notify-aftercare-milestone-due-body = Planınızda şimdi neyin önemli olduğuna bakın.
notify-aftercare-standalone-requested-title = Bir hasta bakım satın aldı
notify-aftercare-standalone-requested-body = { $other } bir klinik bekliyor.
notify-aftercare-standalone-assigned-title = Bakım bir kliniğe verildi
notify-aftercare-standalone-assigned-body = Kime kimin baktığını ve ne zaman başladığını görün.
notify-aftercare-request-expiring-title = Satın alınan bakım bir klinik bekliyor
notify-aftercare-request-expiring-body = Hastaya iade edilmeden bir kliniğe verin.
notify-aftercare-assignment-reminder-title = Bakım, başlamanızı bekliyor
notify-aftercare-assignment-reminder-body = Size iki gün önce verildi. Başlatın veya reddedin.
notify-aftercare-request-declined-title = Bir klinik bakım isteğini geri çevirdi
notify-aftercare-request-declined-body = Başka bir klinik bekliyor.
notify-aftercare-request-rejected-title = Bakım isteğiniz sona erdi
notify-aftercare-request-rejected-body = Ödediğiniz tutar kartınıza iade edilir.
notify-aftercare-standalone-payment-confirmed-title = Ödemeniz ulaştı
notify-aftercare-standalone-payment-confirmed-body = Teşekkürler. Makbuzunuz bakım sayfanızda.
notify-aftercare-payment-failed-title = Bir bakım ödemesi reddedildi
notify-aftercare-payment-failed-body = Ne zaman yeniden deneyeceğimize bakın ya da başka bir kartla ödeyin.
notify-aftercare-payment-due-reminder-title = Bir sonraki bakım ödemeniz üç gün sonra
notify-aftercare-payment-due-reminder-body = Bıraktığınız karttan çekilir.
notify-aftercare-refunded-title = Bir bakım iadesi yolda
notify-aftercare-refunded-body = Birkaç gün içinde bankanızda olur.
notify-aftercare-case-suspended-title = Bakım duraklatıldı
notify-aftercare-case-suspended-body = Devam etmesi için ne gerektiğine bakın.
notify-aftercare-case-resumed-title = Bakım devam ediyor
notify-aftercare-case-resumed-body = Sıradaki görevler bekliyor.
notify-aftercare-escalation-triggered-title = Acil: bir hastanın ilgiye ihtiyacı var
notify-aftercare-escalation-triggered-body = { $other } hemen bakılması gereken bir şey bildirdi.
notify-aftercare-escalation-raised-title = Acil bir vaka bekliyor
notify-aftercare-escalation-raised-body = { $other } hâlâ ilgi bekliyor.
notify-review-requested-title = Nasıldı?
notify-review-requested-body = Deneyiminiz başkalarının karar vermesine yardım eder.
notify-review-submitted-title = Bir yorum onay bekliyor
notify-review-submitted-body = Lütfen 48 saat içinde okuyup karar verin.
notify-review-published-title = Bir yorum yayında
notify-review-published-body = { $code } yorumu artık profilde.
notify-review-updated-title = Bir yorum değişti
notify-review-updated-body = Yeniden onay bekliyor.
notify-review-rejected-title = Yorumunuzda bir değişiklik gerekiyor
notify-review-rejected-body = Nedeni portalda.
notify-review-removed-by-admin-title = Yorumunuz kaldırıldı
notify-review-removed-by-admin-body = Nedeni portalda.

notify-title = Bildirimler
notify-lead = Olan biten, en yeniden başlayarak.
notify-tabs = Göster
notify-all = Tümü
notify-unread = Okunmamış
notify-new = Yeni
notify-read-all = Tümünü okundu say
notify-empty-title = Henüz bir şey yok
notify-empty-text = Sizi ilgilendiren bir gelişme olduğunda ilk buradan öğrenirsiniz.
notify-empty-unread-title = Hepsi okundu
notify-empty-unread-text = Yeni bir şey yok. Önceki bildirimler Tümü altında.
done-notify-read-all = Tümü okundu olarak işaretlendi.
notify-review-response-posted-title = Yorumunuz yanıtlandı
notify-review-response-posted-body = Kliniğin yanıtı yorumunuzun altında.
notify-review-response-removed-title = Bir yoruma verilen yanıt kaldırıldı
notify-review-response-removed-body = Bir kez daha yanıt yazabilirsiniz.

# Kişinin kendi hesabı hakkında.
notify-account-password-changed-title = Şifreniz değiştirildi
notify-account-password-changed-body = Şifreniz { $at } tarihinde{ $place ->
    [none] {""}
   *[other] {" "}{ $place } adresinden
} değiştirildi ve diğer cihazlardaki oturumlar kapatıldı. Bunu siz yapmadıysanız hemen yeni bir şifre seçin ve bize yazın.
notify-account-email-changed-title = E-posta adresiniz değiştirildi
notify-account-email-changed-body = Bundan sonra bu adresle giriş yapacaksınız. Değişiklik tarihi: { $at }.
notify-account-mfa-changed-title = { $change ->
    [enabled] Doğrulama uygulamanız kuruldu
    [disabled] Doğrulama uygulamanız kaldırıldı
   *[reset] Doğrulama uygulamanız sıfırlandı
}
notify-account-mfa-changed-body = { $change ->
    [enabled] Artık giriş yaparken uygulamanın kodu istenecek. Kurulum tarihi: { $at }{ $place ->
        [none] {""}
       *[other] , { $place } adresinden
    }.
    [disabled] Artık giriş yaparken kod istenmeyecek. Kaldırılma tarihi: { $at }{ $place ->
        [none] {""}
       *[other] , { $place } adresinden
    }. Bunu siz yapmadıysanız hemen şifrenizi değiştirin ve bize yazın.
   *[reset] Hairline uygulamayı { $at } tarihinde sıfırladı. Bir sonraki girişinizde yeniden kurun.
}
notify-account-recovery-code-used-title = Bir kurtarma kodu kullanıldı
notify-account-recovery-code-used-body = { $at } tarihinde{ $place ->
    [none] {""}
   *[other] {" "}{ $place } adresinden
} kurtarma kodlarınızdan biriyle hesabınıza giriş yapıldı. Bu siz değilseniz hemen şifrenizi değiştirin ve yeni kodlar oluşturun.
notify-account-created-title = Hairline’a hoş geldiniz
notify-account-created-body = Hesabınız hazır. İhtiyacınız olan her şey portalınızda; size hangi konularda yazabileceğimizi istediğiniz zaman değiştirebilirsiniz.
notify-account-locked-title = Hesabınız bir süreliğine kilitlendi
notify-account-locked-body = Çok fazla yanlış şifre girildi{ $place ->
    [none] {""}
   *[other] {" "}({ $place })
}. { $until } tarihinden sonra yeniden giriş yapabilirsiniz. Bu siz değilseniz yeni bir şifre seçin.
notify-account-new-device-login-title = Yeni bir cihazdan giriş yapıldı
notify-account-new-device-login-body = Daha önce görmediğimiz bir cihaz { $at } tarihinde { $place } adresinden hesabınıza giriş yaptı. Bu siz değilseniz şifrenizi değiştirin ve o cihazın oturumunu kapatın.

# Teams and staff.
notify-team-invitation-accepted-title = Davetiniz kabul edildi
notify-team-invitation-accepted-body = { $other } ekibine yeni bir iş arkadaşı katıldı.
notify-team-invitation-expiring-title = Bir davetin süresi yarın doluyor
notify-team-invitation-expiring-body = { $other } için gönderilen bir davet henüz kullanılmadı. Kaybolduysa yeniden gönderin.
notify-team-invitation-bounced-title = Bir davet teslim edilemedi
notify-team-invitation-bounced-body = { $other } için davet edilen birine e-posta ulaşmadı. Adresi kontrol edip yeniden gönderin.
notify-team-seat-requested-title = Bir klinik daha fazla yer istiyor
notify-team-seat-requested-body = { $other } kliniğinde bütün kullanıcı yerleri dolu. Ne istediğine bakın ve sınırı belirleyin.
notify-provider-commission-changed-title = Hairline ile koşullarınız değişiyor
notify-provider-commission-changed-body = Hairline'ın yeni rezervasyonlardan aldığı pay değişiyor. Koşullar kazançlarınızın yanında.
notify-provider-seat-limit-changed-title = Kullanıcı yeri sayısı değişti
notify-provider-seat-limit-changed-body = Hairline, { $other } için yeni bir yer sayısı belirledi.
notify-admin-invitation-bounced-title = Bir davet teslim edilemedi
notify-admin-invitation-bounced-body = Hairline ekibine davet edilen birine gönderilen e-posta ulaşmadı. Adresi kontrol edip yeniden gönderin.
notify-team-role-changed-title = Bir rol değiştirildi
notify-team-role-changed-body = { $other } ekibinde { $old } rolünün yerini { $role } aldı. Yeniden giriş gerekmeden { $from } itibarıyla geçerlidir.
notify-team-member-status-changed-title = { $change ->
    [suspended] Klinik erişimi askıya alındı
    [reactivated] Klinik erişimi yeniden açıldı
   *[removed] Biri ekipten ayrıldı
}
notify-team-member-status-changed-body = { $change ->
    [suspended] { $other } ekibinde bir hesap askıya alındı.
    [reactivated] { $other } ekibinde bir hesap yeniden etkinleştirildi.
   *[removed] { $other } ekibinden bir hesap çıkarıldı.
}{ $reason ->
    [none] {""}
   *[other] {" "}Belirtilen neden: { $reason }
} Beklemiyorsanız kliniğin sahibine sorun.
notify-admin-invitation-accepted-title = Çalışanlara biri katıldı
notify-admin-invitation-accepted-body = Hairline çalışanlığı için gönderilen bir davet kabul edildi.
notify-admin-role-changed-title = Rolünüz değiştirildi
notify-admin-role-changed-body = { $other } için rolünüz: { $role }. Yeniden giriş gerekmeden { $from } itibarıyla geçerlidir.
notify-admin-permissions-changed-title = Yetkileriniz değiştirildi
notify-admin-permissions-changed-body = { $other } içinde yapabildikleriniz değişti. Hemen geçerlidir.{ $added ->
    [none] {""}
   *[other] {" "}Yeni: { $added }.
}{ $removed ->
    [none] {""}
   *[other] {" "}Artık yok: { $removed }.
}
notify-security-token-reuse-title = Bir oturum ikinci kez kullanıldı
notify-security-token-reuse-body = Değiştirilmiş bir oturum anahtarı geri geldi: biri kopyalamış olabilir. O oturumun bütün cihazları kapatıldı. Siz değilseniz şifrenizi değiştirin.
notify-security-key-rotation-finished-title = Her şey yeni anahtarla şifrelendi
notify-security-key-rotation-finished-body = Hiçbir kayıt eski anahtarı gerektirmiyor. Yapılandırmadan çıkarılabilir.
notify-security-key-rotation-failed-title = Bazı kayıtlar hâlâ eski anahtarı gerektiriyor
notify-security-key-rotation-failed-body = Anahtar değişimi geriye kayıt bırakarak bitti. Rapora bakın ve yeniden çalıştırın.
notify-security-audit-chain-broken-title = Denetim kaydı bütünlüğünü yitirdi
notify-security-audit-chain-broken-body = Gecelik denetim, değiştirilmiş, silinmiş ya da araya sokulmuş bir kayıt buldu. Veritabanını olduğu gibi koruyun, "hairline audit verify" komutunu çalıştırın ve kimlerin erişimi olduğunu araştırın.
notify-security-ip-blocked-title = Bir adres engellendi
notify-security-ip-blocked-body = Bir adresten bir saat içinde yirmi giriş denemesi başarısız oldu. O adres bir saat sonra yeniden deneyebilir. Ret kayıtlarında hangi adres olduğu yazar.
notify-security-repeated-denial-title = Bir hesap tekrar tekrar reddediliyor
notify-security-repeated-denial-body = Bir hesap on beş dakika içinde beş kez reddedildi. Denetim kaydına bakın.

# Ekibimizin değiştirdiği hesaplar, gizlilik, hukuki metinler.
notify-account-status-changed-title = { $change ->
    [suspended] Hesabınız askıya alındı
    [reactivated] Hesabınız yeniden açık
   *[deactivated] Hesabınız kapatıldı
}
notify-account-status-changed-body = { $change ->
    [suspended] Hairline hesabınızı { $at } tarihinde askıya aldı. Şimdilik giriş yapamazsınız. { $ends ->
        [no] {""}
       *[yes] { $until } tarihinde kendiliğinden açılır.
    } { $reason }
    [reactivated] { $at } tarihinden beri yeniden giriş yapabilirsiniz. { $reason }
   *[deactivated] Hairline hesabınızı { $at } tarihinde kapattı. { $reason }
}
notify-account-profile-changed-by-admin-title = Profiliniz düzeltildi
notify-account-profile-changed-by-admin-body = Hairline { $at } tarihinde profilinizde şunları değiştirdi: { $fields }. Lütfen doğru olup olmadığına bakın; değilse bize yazın.
notify-field-first-name = ad
notify-field-last-name = soyad
notify-field-gender = cinsiyet
notify-field-birthday = doğum tarihi
notify-field-phone-number = telefon numarası
notify-field-country-code = ülke
notify-field-location = yer
notify-field-registration-source-id = bizi nereden duyduğunuz
notify-privacy-request-updated-title = { $state ->
    [submitted] { $reference } numaralı talep alındı
    [in_review] { $reference } numaralı talep inceleniyor
    [verification_required] { $reference } numaralı talep için kanıt gerekiyor
    [on_hold] { $reference } numaralı talep bekletiliyor
    [approved] { $reference } numaralı talep onaylandı
    [denied] { $reference } numaralı talep reddedildi
    [withdrawn] { $reference } numaralı talep geri alındı
   *[completed] { $reference } numaralı talep tamamlandı
}
notify-privacy-request-updated-body = { $state ->
    [submitted] Hesabın silinmesi talebi bize ulaştı. En geç { $due } tarihinde yanıtlanır.
    [in_review] Ekibimizden biri inceliyor. En geç { $due } tarihinde yanıtlanır.
    [verification_required] Lütfen bunu isteyenin siz olduğunuzu sayfalarınızda doğrulayın. O zamana kadar geçen süre sayılmaz.
    [on_hold] Bir rezervasyon bitene veya hukuki bir karar kalkana kadar bekler.
    [approved] Veriler şimdi siliniyor.
    [denied] Talebi karşılayamadık. Gerekçesi sayfalarınızda.
    [withdrawn] Hesap olduğu gibi kalır.
   *[completed] Veriler silindi.
}
notify-privacy-bundle-ready-title = Verilerinizin kopyası hazır
notify-privacy-bundle-ready-body = Bağlantının süresi dolmadan üç kez indirebilirsiniz. Size verilen anahtarla açılır.
notify-privacy-bundle-expired-title = Verilerinizin kopyası silindi
notify-privacy-bundle-expired-body = Bildirildiği gibi yok edildi. Dilediğiniz zaman yenisini isteyebilirsiniz.
notify-privacy-deadline-approaching-title = { $reference } için süre doluyor
notify-privacy-deadline-approaching-body = Bir silme talebi en geç { $due } tarihinde yanıtlanmalı.
notify-privacy-hold-changed-title = { $state ->
    [placed] Hukuki bir karar kondu
    [released] Hukuki bir karar kaldırıldı
   *[review_due] Hukuki bir karar yeniden gözden geçirilmeli
}
notify-privacy-hold-changed-body = { $state ->
    [placed] Geçerli olduğu sürece kapsadığı hiçbir şey silinmez.
    [released] Onu bekleyen talepler sürer.
   *[review_due] 180 gündür geçerli. Lütfen hâlâ gerekli olup olmadığına bakın.
}
notify-privacy-retention-run-finished-title = { $scope ->
    [month] { $month } ayında saklama
   *[run] { $failed ->
        [0] Saklama çalışması bitti
       *[other] Saklama çalışmasında hatalar oldu
    }
}
notify-privacy-retention-run-finished-body = { $scope ->
    [month] Çalışma: { $runs }. Sona eren: { $ended }. Kararın koruduğu: { $held }. Başarısız: { $failed }.
   *[run] Sona eren: { $ended }. Kararın koruduğu: { $held }. Başarısız: { $failed }.
}
notify-legal-acceptance-required-title = Metinlerimiz değişti
notify-legal-acceptance-required-body = Lütfen yenilikleri okuyun ve kabul edin. O zamana kadar her şeyi okuyabilirsiniz, ancak yeni bir şey kaydedilmez.
notify-legal-published-title = Hukuki bir metin yayımlandı
notify-legal-published-body = Kabul oranı hukuki metinlerin yanında görünür.
notify-legal-coverage-low-title = Hukuki bir metni az kişi kabul etti
notify-legal-coverage-low-body = { $version } sürümü yürürlüğe gireli iki hafta oldu; ilgililerin %{ $percent } kadarı kabul etti.
notify-provider-deletion-requested-title = Bir klinik kapatılmak istiyor
notify-provider-deletion-requested-body = { $other } beş iş günü içinde yanıt bekliyor.
notify-catalog-treatment-changed-title = { $change ->
    [created] Yeni tedavi: { $name }
    [deactivated] { $name } sona erdi
    [activated] { $name } yeniden sunuluyor
   *[other] { $name } değişti
}
notify-catalog-treatment-changed-body = { $change ->
    [created] Tekliflere koymak için fiyatınızı girin.
    [deactivated] Artık tekliflere konamaz. Gönderdiğiniz teklifler olduğu gibi kalır.
   *[other] Hastaların okuduğuna bir göz atın. Gönderdiğiniz teklifler olduğu gibi kalır.
}
notify-questionnaire-inquiry-unconfigured-title = Hastalar talep gönderemiyor
notify-questionnaire-inquiry-unconfigured-body = Kullanımda tıbbi soru formu yok. Birini yayımlayıp kullanıma alın.
notify-starting-price-expiring-title = Bir başlangıç fiyatı yakında bitiyor
notify-starting-price-expiring-body = { $place } için "itibaren" fiyatı yedi gün sonra bitiyor. Sonrakini girin, yoksa hastalar "talep üzerine" okur.

# Bir hesabın seçtikleri: dil, saat, mesajlar.
preferences-title = Dil ve mesajlar
preferences-lead = Hairline'ın sizinle nasıl ve ne zaman konuştuğu.
preferences-manner = Dil ve saat
preferences-language = Dil
preferences-language-hint = Sayfalar ve e-postalar bu dilde yazılır.
preferences-zone = Saat dilimi
preferences-zone-hint = Saatler bu dilime göre gösterilir. Sizde şu an { $clock }. Randevular kliniğin saatiyle gösterilir.
preferences-messages = Mesajlar
preferences-messages-lead = Her şey zaten bildirimlerde durur. Size başka nereden ulaşalım, seçin.
preferences-email = E-postayla
preferences-email-hint = Giriş yaptığınız adrese.
preferences-push = Telefonunuza
preferences-push-hint = Uygulamayla giriş yaptığınız yerde.
preferences-quiet = Sessiz saatler
preferences-quiet-hint = Hatırlatmalar bu saatler bitene kadar bekler.
preferences-quiet-start = Başlangıç
preferences-quiet-end = Bitiş
preferences-always = Bazı e-postalar her zaman gelir:
preferences-always-text = hesap güvenliği, ödemeler, onaylanan ya da iptal edilen randevular ve yasal metinler hakkında olanlar.
preferences-silent = E-posta ve telefon kapalı
preferences-silent-text = Yalnızca size mutlaka ulaşması gerekenler gönderilir. Arada bir buraya bakın.
done-preferences-saved = Seçimleriniz kaydedildi.
zone-device = Bu cihazdaki gibi
language-device = Tarayıcımın istediği gibi
zone-area-africa = Afrika
zone-area-america = Amerika
zone-area-antarctica = Antarktika
zone-area-arctic = Arktik
zone-area-asia = Asya
zone-area-atlantic = Atlantik
zone-area-australia = Avustralya
zone-area-europe = Avrupa
zone-area-indian = Hint Okyanusu
zone-area-pacific = Pasifik
error-locale_unknown = Bu dil seçilemez.
error-currency_unknown = Bu para birimi bilinmiyor.
error-quiet_time_invalid = 22:00 gibi bir saat yazın.
error-quiet_hours_empty = Sessiz saatler, başladığından başka bir saatte bitmeli.
error-marketing_consent_required = Önce profilinizde haber ve tekliflere onay verin.
notify-affiliate-status-changed-title = { $name } aramızda
notify-affiliate-status-changed-body = İş ortağı şifresini seçti ve artık giriş yapabilir.
notify-quote-withdrawal-requested-title = Bir klinik { $code } teklifinden çekilmek istiyor
notify-quote-withdrawal-requested-body = Ekibimiz karar verene kadar randevu ayrılmış kalır ve ödeme alınmaz.
notify-quote-withdrawal-granted-title = Teklif { $code } sona erdi
notify-quote-withdrawal-granted-body = Klinik tekliften çekildi ve randevu yeniden boş. Ödenecek bir şey yok.
notify-quote-withdrawal-refused-title = Teklif { $code } geçerli
notify-quote-withdrawal-refused-body = Randevu hâlâ ayrılmış durumda. Kaybedilen süre geri verildi.
notify-quote-restored-title = Teklif { $code } yeniden açık
notify-quote-restored-body = Ekibimiz teklifi geri getirdi. Yeni bir süreyle geçerli ve kabul edilebilir.
notify-quote-draft-restored-title = Teklif { $code } geri geldi
notify-quote-draft-restored-body = Ekibimiz onu sizin için geri getirdi.
notify-inquiry-extended-title = Talebiniz { $code } devam ediyor
notify-inquiry-extended-body = Artık daha çok klinikte. Biri yanıt verdiğinde size haber veririz.
notify-inquiry-answers-reopened-title = Lütfen tıbbi soruları yeniden yanıtlayın
notify-inquiry-answers-reopened-body = Ekibimiz, klinikler güvenilir yanıtlara sahip olsun diye bunu istedi.
notify-inquiry-closed-title = Talep { $code } hasta tarafından iptal edildi
notify-inquiry-closed-body = Yanıtlanacak bir şey kalmadı. Talep, kodu altında okunabilir kalır.
notify-system-alert-title = { $alert ->
    [payment_disputed] Bir ödemeye itiraz edildi
    [dispute_lost] Bir itiraz kaybedildi
    [dispute_won] Bir itiraz kazanıldı
    [refund_failed] Bir iade başarısız oldu
    [reconciliation] Sağlayıcı ile defterlerimiz farklı
    [reconciliation_failed] Bir mutabakat başarısız oldu
    [provider_cancellations] Bir klinik sık iptal ediyor
    [fx_failing] Bir kur kaynağı çalışmıyor
    [fx_moved] Bir kur çok oynadı
    [no_show] Bir hasta gelmedi
    [region_unsupported] Biri ödeyemedi: hiçbir hesap ülkesinden para almıyor
    [payout_reversed] Bir ödeme geri geldi
    [payout_failed] Bir kliniğin bankası ödemeyi reddetti
    [payout_differs] Bir havale gönderilenden farklı
    [gateway_account] Bir ödeme hesabının anahtarları reddediliyor
    [aftercare_not_begun] Bir klinik kendisine verilen bakımı başlatmadı
    [fx_rate_old] Eski bir kurla rezervasyon yapıldı
   *[other] Ödeme sağlayıcısından bir ileti bekliyor
}
notify-system-alert-body = { $alert ->
    [payment_disputed] Kart sahibi parayı bankasından geri istiyor. Karar verilene kadar rezervasyonun ödemesi bekler.
    [dispute_lost] Banka parayı geri aldı. Ters ibraz olarak kaydedildi.
    [dispute_won] Para kalıyor. Rezervasyonun ödemesi devam eder.
    [reconciliation] Farklar incelenmeyi bekliyor.
    [reconciliation_failed] Sağlayıcıya sorulamadı. Bir saat sonra yeniden denenir.
    [refund_failed] Ödeme sağlayıcısı parayı geri göndermeyi reddetti. Rezervasyona bakıp yeniden deneyin.
    [provider_cancellations] Bu klinik bir yıl içinde üç veya daha fazla rezervasyonu iptal etti.
    [fx_failing] Son kur geçerli kalır. Bir saat içinde yeniden denenir.
    [fx_moved] Bir gün içinde sınırın üzerinde değişti. Doğru mu bakın.
    [no_show] Klinik bildirdi. Rezervasyona bakın ve sonrasına karar verin.
    [region_unsupported] Ülkeyi bir ödeme hesabına bağlayın ya da geri kalan herkes için bir hesap belirleyin.
    [payout_reversed] Sağlayıcı bir ödemenin parasını geri aldı. Dökümü ve mutabakatı inceleyin.
    [payout_failed] Klinikten başka bir hesap isteyin.
    [payout_differs] Sağlayıcı gönderdiğimizden farklı bir tutardan söz ediyor. Hiçbir şey işlenmedi; mutabakata bakın.
    [gateway_account] Bu hesapla ödemeler başarısız olur. Yeni anahtar verin ya da ülkelerini başka bir hesaba bağlayın.
    [aftercare_not_begun] Üç gün geçti. Kliniğe sorun veya başka birine verin.
    [fx_rate_old] Kur bir günden eskiydi. Geçerli kalır; doğru mu bakın.
   *[other] Burada bilinenlerle uyuşmuyor. Hiçbir şey kaydedilmedi; inceleyin.
}
notify-booking-reduced-title = { $code } rezervasyonunun fiyatı değişti
notify-booking-reduced-body = Bazı ekler çıkarıldı. Yeni fiyat portalda.
