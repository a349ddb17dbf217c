## Refusals of the catalogue.

error-treatment_not_offered = Kliniğiniz bu tedaviyi sunmuyor.
error-package_not_available = Paketlerden biri kullanılamıyor.
error-questionnaire_unavailable = Sağlık formu şu anda kullanılamıyor.
error-invalid_currency = Bu para birimiyle işlem yapmıyoruz.
error-invalid_amount = 1250.00 gibi bir tutar girin.

## Standart sağlık formu; ekibin yazdığı formlar kendi sözleriyle kalır.

question-cardiovascular = Kalp ya da damar hastalığınız var mı ya da oldu mu?
question-diabetes = Şeker hastalığınız (diyabet) var mı?
question-hepatitis = Size hepatit B ya da C tanısı kondu mu?
question-hiv = Size HIV ya da AIDS tanısı kondu mu?
question-bleeding = Kanama bozukluğunuz var mı?
question-blood-clots = Kan pıhtısı ya da derin ven trombozu geçirdiniz mi?
question-medicine-allergy = Herhangi bir ilaca ya da anesteziye alerjiniz var mı?
question-other-allergy = Gıda ya da lateks gibi başka bir alerjiniz var mı?
question-respiratory = Astım ya da başka bir solunum yolu hastalığınız var mı?
question-hypertension = Yüksek tansiyonunuz var mı?
question-implanted-device = Kalp piliniz ya da vücudunuza yerleştirilmiş başka bir cihaz var mı?
question-arthritis = Artrit ya da başka bir eklem hastalığınız var mı?
question-neurological = Epilepsi gibi nörolojik bir rahatsızlığınız var mı?
question-kidney = Böbrek hastalığınız var mı?
question-cancer = Hiç kanser tedavisi gördünüz mü?
question-digestive = Mide, karaciğer ya da bağırsak hastalığınız var mı?
question-mental-health = Ruh sağlığınızla ilgili bir tedavi gördünüz mü?
question-surgery = Daha önce ameliyat oldunuz mu?
question-pregnancy = Hamile misiniz ya da emziriyor musunuz?
question-medication = Düzenli olarak ilaç kullanıyor musunuz?
question-other = Bir cerrahın bilmesi gereken başka bir rahatsızlığınız var mı?
question-details = Bir cerrahın bilmesi gereken ayrıntıları yazın.
