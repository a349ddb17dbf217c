## Numaralı belgeler

paper-invoice = Fatura
paper-receipt = Makbuz
paper-credit-note = İade belgesi
paper-number = Numara
paper-date = Tarih
paper-booking = Rezervasyon
paper-patient = Hasta
paper-clinic = Klinik
paper-list = Fiyat
paper-discount = İndirim
paper-total = Toplam
paper-charged = Tahsil edilen
paper-received = Alınan
paper-returned = İade edilen
paper-rate = Teklif kabul edildiğinde sabitlenen { $rate } kuruyla tahsil edilmiştir.
paper-note = Bu belge bir program tarafından hazırlanmıştır ve imzasız geçerlidir.
paper-footer = Hairline · saç ekimi için sağlık seyahati
