## Gönderilmiş bir talep.

sent-title = Talebiniz
sent-back = Dosyama dön
sent-open = Hâlâ değiştirebilirsiniz
sent-open-text = İlk klinik yanıt verene dek. Talebinizi alan kliniklere neyin değiştiği bildirilir.
sent-closed-quoted = Artık değiştirilemez
sent-closed-quoted-text = Bir klinik yanıt verdi ve teklifi yazdıklarınıza dayanıyor. Bir şey değiştiyse kliniğe mesajla bildirin.
sent-closed-cancelled = Bu talep iptal edildi
sent-closed-cancelled-text = Okumanız için burada kalır. Dilediğiniz an yenisini başlatabilirsiniz.
sent-closed-expired = Bu talep teklif gelmeden sona erdi
sent-closed-expired-text = Okumanız için burada kalır. Dilediğiniz an yenisini başlatabilirsiniz.
sent-closed-completed = Bu tedavi tamamlandı
sent-closed-completed-text = Talebiniz okumanız için burada kalır.
sent-asked-again = Lütfen sağlık sorularını yeniden yanıtlayın
sent-asked-again-text = Kliniklerin güvenebileceği yanıtlar olsun diye ekibimiz bunu istedi.
sent-asked-again-open = Yeniden yanıtla
sent-wishes = Ne istediğiniz
sent-lifestyle = Günlük yaşam
sent-severity = 10 üzerinden { $score }
sent-notes = Klinikler için ek bilgi
sent-clinics-none = Talebiniz kliniklere ulaştırılıyor.
sent-clinic-waiting = Gönderildi
sent-clinic-reading = Okundu
sent-clinic-answered = Yanıtladı
sent-clinic-declined = Yardımcı olamıyor
sent-clinic-lapsed = Zamanında yanıt vermedi
sent-clinic-closed = Kapandı
sent-all-answers = Tüm sorular ve yanıtlar
sent-edit-hint = Talebinizi alan kliniklere bildirilir.
sent-edit-health-hint = Lütfen her soruyu yeniden yanıtlayın. Talebinizi alan kliniklere bildirilir.
sent-edit-destinations-hint = Çıkardığınız ülkedeki klinikler talebinizi kaybeder; diğerlerine haber verilir.
sent-edit-clinics-hint = Çıkardığınız klinikler talebinizi kaybeder. Bizim eklediğimiz klinikler kalır.
sent-stored = Şu an kayıtlı olan
sent-stored-text = Başka bir cihazda değiştirildi. Kaydederseniz yerine aşağıda yazan geçer.
sent-leave = Olduğu gibi bırak
sent-link-text = Yanıtlar, resimler ve belgeler
done-request-changed = Talebiniz değiştirildi.
done-evidence-added = Dosya eklendi.
done-evidence-removed = Dosya kaldırıldı.

## Baş taraması dışındaki resimler ve videolar.

evidence-title = Başka resimler ve videolar
evidence-hint = İsteğe bağlı: eski resimler, bir video, bir doktor raporunun resmi. 2 MB'a kadar JPEG ya da PNG, 20 MB'a ve 30 saniyeye kadar MP4.
evidence-count = { $most } dosyadan { $count }
evidence-picture = Resim { $number }
evidence-video = Video { $number }
evidence-file = Resim ya da video
evidence-add = Ekle
evidence-choose = Bir resim ya da video seçin.
evidence-too-large = Bu dosya çok büyük. Resimler 2 MB, videolar 20 MB olabilir.
evidence-too-long = Bu video çok uzun. En fazla 30 saniye olabilir.
evidence-too-many = En fazla beş dosya olabilir. Yenisini eklemek için birini kaldırın.
evidence-wrong-kind = Yalnızca JPEG ve PNG resimler ile MP4 videolar eklenebilir.
