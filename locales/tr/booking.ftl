# What was booked, calendar.

booking-lead = Tutulan ve onaylanan tarihler, ödemeler ve sonrası.
booking-search = Rezervasyon, teklif veya hasta kodu
booking-all = Tüm durumlar
booking-all-payments = Ödenen ve ödenmeyen
booking-patient = Hasta
booking-treatment = Tedavi
booking-day = Gün
booking-status = Durum
booking-held = Şu ana dek tutuluyor:
booking-held-short = Tutuluyor
booking-none-title = Henüz rezervasyon yok
booking-none-text = Bir hasta teklifinizi kabul ettiğinde burada görünür.
booking-state-accepted = Ödeme bekliyor
booking-state-confirmed = Onaylandı
booking-state-inprogress = Tedavide
booking-state-aftercare = Bakımda
booking-state-completed = Tamamlandı
booking-state-cancelled = İptal edildi
booking-patient-code = Hasta { $code }
booking-days = { $count ->
    [one] 1 gün
   *[other] { $count } gün
}
booking-payment = Ödeme
booking-paid = ödendi
booking-due = bekliyor
booking-paid-all = Ödendi
booking-paid-part = Eksik ödeme
booking-paid-nothing = Henüz ödenmedi
booking-everybody = Herkes
booking-appointments = { $count ->
    [one] 1 randevu
   *[other] { $count } randevu
}
booking-calendar-lead = Sarı tarihler hasta ödeyene dek tutulur.
booking-months = Aylar
booking-month = Ay
booking-week = Hafta
booking-today = Bugün
booking-this-month = Bu haftalarda
booking-this-week = Bu haftada
booking-free-title = Randevu yok
booking-free-text = Kabul edilen teklifler gününde görünür.
weekday-1 = Pzt
weekday-2 = Sal
weekday-3 = Çar
weekday-4 = Per
weekday-5 = Cum
weekday-6 = Cmt
weekday-7 = Paz
