## Numbered papers

paper-invoice = Invoice
paper-receipt = Receipt
paper-credit-note = Credit note
paper-number = Number
paper-date = Date
paper-booking = Booking
paper-patient = Patient
paper-clinic = Clinic
paper-list = Price
paper-discount = Discount
paper-total = Total
paper-charged = Charged
paper-received = Received
paper-returned = Returned
paper-rate = Charged at the rate { $rate }, locked when the offer was accepted.
paper-note = This paper was made by a program and is valid without a signature.
paper-footer = Hairline · medical travel for hair transplants
