//! What the people of the demonstration write.

/// Concerns.
pub const CONCERNS: &[&str] = &[
    "The hair at my temples began to go when I was twenty-six. On photos from above the crown shines through now, and I style around it every morning.",
    "My hairline moved back quite evenly. I would like a natural line for my age, nothing too low, and I have to be back at my desk within two weeks.",
    "I had a small FUE session four years ago and am happy with the front, but the crown behind it has thinned out since.",
    "Thin all over the top, the sides are still thick. My father and both uncles went the same way. Medication has slowed it down but not stopped it.",
    "There is a scar on the left side from an accident as a child. I would like it covered and the corner next to it filled.",
    "I shave my head because of the crown. If there are enough grafts I would love to let it grow again for my wedding next year.",
    "Dökülme beş yıldır sürüyor, özellikle ön çizgide ve tepede. Doğal bir görünüm istiyorum; işe çabuk dönmem gerekiyor.",
    "Since my pregnancy my parting has become wider and the temples are thin. Blood tests are fine. I want to know what is realistic.",
    "My beard has two gaps on the right cheek and my hairline is going as well. If both can be done in one trip that would be ideal.",
    "I have compared a lot of clinics and would rather have an honest opinion about my donor area than a promise.",
];

/// What clinics add to their quotes.
pub const NOTES: &[&str] = &[
    "Your donor area looks strong. We would place the grafts in two zones and keep a reserve for later.",
    "We recommend to start with the front third and the mid-scalp. The crown can follow in a year if you still wish it.",
    "The price covers everything at our house including the first wash and all medication for ten days.",
    "Transfers between airport, hotel and clinic are included, and a nurse who speaks your language accompanies you.",
    "We draw the hairline together with you in the morning; nothing starts before you are happy with the line.",
];

/// A conversation before a decision: what the patient asks and what the clinic answers.
pub const TALKS: &[&[(&str, &str)]] = &[
    &[
        (
            "Hello, thank you for the offer. How many people will be in the room, and who places the grafts?",
            "Good morning. The surgeon makes the channels and is with you all day; two technicians who have worked with us for years place the grafts.",
        ),
        (
            "And is it possible to come one week later?",
            "The week after is still open in the mornings. If you accept here, we can move the day together.",
        ),
    ],
    &[
        (
            "Is the second day really only for washing? I would like to fly home in the afternoon.",
            "Yes, the washing takes about an hour. A flight after three o'clock is comfortable.",
        ),
        (
            "Great. I take a pill for high blood pressure, is that a problem?",
            "Not as long as it is well controlled. Please keep taking it and bring your last reading; our anaesthetist looks at it before we begin.",
        ),
        ("I will. Thank you for the quick answers!", "With pleasure. We are here if anything else comes to mind."),
    ],
    &[
        (
            "Merhaba, fiyat konaklamayı da kapsıyor mu?",
            "Merhaba, evet: iki gece otel ve havaalanı transferi fiyata dahildir.",
        ),
        (
            "Çok teşekkürler. Ağrı ne kadar sürüyor?",
            "Çoğu hastamız ilk akşamdan sonra ağrı kesiciye bile ihtiyaç duymuyor. İlk gün hafif bir gerginlik normaldir.",
        ),
    ],
    &[(
        "I read that shaving everything is not always necessary. What about my case?",
        "For this number of grafts we shave the donor area and the zones we work on. The sides can stay long enough to cover the donor area after about ten days.",
    )],
    &[
        (
            "Could you explain why your number of grafts is lower than in the other offer I received?",
            "Of course. We counted the donor area on your pictures and prefer to leave a reserve. More is possible, but it would thin out the back visibly.",
        ),
        (
            "That makes sense, I appreciate the honesty.",
            "Thank you. If it helps, we can measure again by video before you decide.",
        ),
    ],
    &[(
        "What happens if the flight is cancelled?",
        "Then we move your appointment without a charge. Just write to us here as soon as you know.",
    )],
];

/// After the booking: the pair may know each other.
pub const ARRANGEMENTS: &[(&str, &str)] = &[
    (
        "I have booked my flight, I land the evening before at about eight.",
        "Perfect. The driver waits at the exit with a sign. Please have a good breakfast on the day and wear a shirt with buttons.",
    ),
    (
        "Do I need to stop coffee before?",
        "Yes please, no coffee and no alcohol from the day before on. Water is fine at any time.",
    ),
    (
        "Uçağım sabah onda iniyor, yetişir miyim?",
        "Evet, rahatça yetişirsiniz. Şoförümüz sizi doğrudan kliniğe getirecek.",
    ),
];

/// What clinics answer to the first of these reviews, in the same order.
pub const ANSWERS: &[&str] = &[
    "Thank you for the trust and for the kind words. We are glad that you took the time for the hairline with us.",
    "Thank you for telling us how nervous you were. We wish you much joy with the result and stay at your side.",
    "Güzel sözleriniz için teşekkür ederiz. Sizi ağırlamak bizim için bir mutluluktu, sonuçtan memnun kalmanıza sevindik.",
];

/// Reviews by stars: overall and the text.
pub const REVIEWS: &[(i32, &str)] = &[
    (
        5,
        "From the first message to the last check I felt looked after. The surgeon took half an hour for the hairline alone and redrew it twice until I was happy. Five months on, people ask whether I have been on holiday; nobody sees a transplant.",
    ),
    (
        5,
        "I was very nervous before the trip and nothing of what I feared happened. Clean rooms, friendly team, no pain apart from the first injections. The growth since the third month is better than I dared to hope.",
    ),
    (
        5,
        "İlk mesajdan son kontrole kadar çok ilgilendiler. Saç çizgisini birlikte çizdik, acele ettirmediler. Dördüncü ayda sonuç şimdiden çok doğal görünüyor, herkese gönül rahatlığıyla öneririm.",
    ),
    (
        4,
        "Very good medical work and an honest plan: they advised me against doing the crown in the same session. One star less because the waiting time on the first morning was almost two hours.",
    ),
    (
        4,
        "The result after four months is dense and natural. The hotel was simple but clean and close by. I would have liked the aftercare instructions in my own language from the beginning.",
    ),
    (
        5,
        "I compared offers from four clinics here. This one was not the cheapest but the only one that explained how they count grafts. The scars at the back cannot be found even with short hair.",
    ),
    (
        3,
        "The treatment itself was fine and the nurses were kind. Communication before the trip was slow, I had to ask twice for the transfer time. The growth is uneven so far, we will see at month nine.",
    ),
    (
        4,
        "Everything as agreed: the price, the surgeon, the number of grafts. The two days were long but well organised. I am at month five now and already wear my hair shorter than in the last ten years.",
    ),
    (
        5,
        "My beard finally closes on both sides. The direction of the hairs is perfect, my barber did not believe me at first. Thank you to the whole team for a calm and even funny day.",
    ),
    (
        2,
        "Medically nothing went wrong, but I expected more density for what I paid. The doctor who consulted me was not the one who operated, and I learned that only on the day itself.",
    ),
    (
        5,
        "They answered every question in the weeks after, even at the weekend, when I was worried about the shedding. Exactly what they said would happen happened, and now it grows everywhere.",
    ),
    (
        4,
        "Profesyonel bir ekip ve tertemiz bir klinik. Otel biraz gürültülüydü ama tedavi mükemmeldi. Beşinci ayda saçlarım sıklaştı, kontroller düzenli yapılıyor.",
    ),
    (
        1,
        "I had to wait four hours without an explanation and the transfer back to the airport never came. The result may be good one day, but the organisation cost me a flight and a lot of nerves.",
    ),
    (
        5,
        "Second transplant for me, the first one elsewhere went wrong. They repaired the line in front, took out the grafts that pointed the wrong way and gave me back a face I like to see in the mirror.",
    ),
    (
        3,
        "Decent result at the temples, the crown is still thin. They had told me that one session might not be enough, so I knew. Friendly people, but the paperwork could be simpler.",
    ),
];

/// Why clinics give cases back.
pub const DECLINES: &[&str] = &[
    "The donor area is too thin for the wish; we would rather not begin.",
    "All our mornings in these weeks are taken.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_review_may_be_published_and_every_star_is_given() {
        for (_, text) in REVIEWS {
            assert!((100..=2000).contains(&text.chars().count()), "{text}");
            assert_eq!(identity::anonymity::redact(text), *text);
        }
        for text in ANSWERS {
            assert!((50..=1000).contains(&text.chars().count()), "{text}");
        }
        for stars in 1..=5 {
            assert!(REVIEWS.iter().any(|(overall, _)| *overall == stars), "{stars}");
        }
        for (question, answer) in TALKS.iter().copied().flatten().chain(ARRANGEMENTS) {
            assert_eq!(identity::anonymity::redact(question), *question);
            assert_eq!(identity::anonymity::redact(answer), *answer);
        }
    }
}
