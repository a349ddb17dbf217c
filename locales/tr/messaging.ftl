# Conversations.
msg-title = Mesajlar
msg-lead = Karşılıklı yazdığınız her şey tek bir yerde.
msg-empty-title = Henüz mesaj yok
msg-empty-patient = Bir klinik size teklif gönderdiğinde konuşma başlar.
msg-empty-clinic = Bir hastaya gönderdiğiniz ilk teklifle konuşma başlar.
msg-unread = { $count ->
    [one] { $count } yeni
   *[other] { $count } yeni
}
msg-closed = Kapalı
msg-closed-title = Bu konuşma kapalı
msg-closed-text = Yazılan her şeyi okumaya devam edebilirsiniz. Yeni bir teklifle yeniden açılır.
msg-you = Siz: { $text }
msg-by-you = Siz
msg-case = Başvuruya git
msg-thread = Konuşma
msg-older = Önceki mesajlar
msg-newest = En yeni mesajlara git
msg-nothing-yet = Henüz bir şey yazılmadı.
msg-from-staff = Hairline ekibinden mesaj
msg-seen = Görüldü
msg-hidden = iletişim bilgileri gizlendi
msg-hidden-mark = [iletişim bilgileri gizlendi]
msg-hidden-why = Telefon numaraları, adresler ve adlar randevu kesinleşene kadar gizlenir. Bu, iki tarafı da korur.
msg-write = Mesaj yazın
msg-today = Bugün
msg-yesterday = Dün
error-message_empty = Önce bir şey yazın.
error-message_too_long = Bir mesaj en fazla 2000 karakter olabilir. Lütfen bölerek gönderin.
error-conversation_closed = Bu konuşma kapalı. Mesajınız gönderilmedi.
error-idempotency_conflict = Bu mesaj daha önce gönderildi. Değiştirdiyseniz yeniden gönderin.
