//! The wizard in a browser: two devices, many clinics, pictures that are refused, what is missing said early.

use crate::common::{
    Browser, active_set, change_clinic, clinic, hidden, location, patient, pictures, prepare, region, starting_price,
};
use identity::consents::{PatientConsentAction, PatientConsentChannel, PatientConsentType};
use inquiry::entity::{inquiries, inquiry_drafts};
use inquiry::rules::submission::DraftPayload;
use inquiry::seed::InquirySpec;
use inquiry::service::draft::{self, SaveDraft};
use kernel::ids::{PatientId, ProviderId};
use platform::locale::Locale;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use testkit::{Reply, TestApp, Upload, actors};

const VIEWS: [&str; 5] = ["front", "top", "left", "right", "back"];

/// Five pictures that are good enough.
async fn scan(browser: &Browser) {
    for (view, picture) in VIEWS.iter().zip(pictures()) {
        browser.upload(&format!("/patient/request/photos/{view}"), Upload::jpeg(picture)).await.assert_status(303);
    }
}

async fn payload(t: &TestApp, countries: &[&str], clinics: &[ProviderId]) -> DraftPayload {
    InquirySpec::new(countries, clinics, Vec::new()).payload(&t.app, &active_set(t).await)
}

/// A draft as a phone left it.
async fn saved(t: &TestApp, patient: PatientId, payload: DraftPayload) {
    let input = SaveDraft { step: "health".to_owned(), payload, version: None };
    draft::save(&t.app, &actors::patient(patient), &input).await.unwrap();
}

async fn stored(t: &TestApp, patient: PatientId) -> DraftPayload {
    draft::show(&t.app, &actors::patient(patient)).await.unwrap().payload
}

/// A page with the ticks it sends.
async fn ticks(browser: &Browser, path: &str, seen: &str, ids: &[ProviderId], rest: &[(&str, &str)]) -> Reply {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut fields = vec![("seen", seen)];
    fields.extend(ids.iter().map(|id| ("provider_ids", id.as_str())));
    fields.extend_from_slice(rest);
    browser.post(path, &fields).await
}

testkit::both! {
    async fn a_second_device_overwrites_nothing_unseen(t: TestApp) {
        prepare(&t).await;
        let john = patient(&t, "John", "Doe").await.id;
        let (phone, laptop) = (Browser::of(&t, john), Browser::of(&t, john));
        let seen = hidden(&phone.text("/patient/request/wish").await, "seen");
        assert_eq!(location(phone.post("/patient/request/wish", &[("seen", &seen), ("problem", "both")]).await), "/patient/request/concern");
        let path = "/patient/request/concern";
        let seen = hidden(&phone.text(path).await, "seen");
        let on_phone = [("seen", seen.as_str()), ("problem_details", "Thin on the crown for years.")];
        assert_eq!(location(phone.post(path, &on_phone).await), "/patient/request/history");
        // The form sent twice changes nothing and is no conflict.
        assert_eq!(location(phone.post(path, &on_phone).await), "/patient/request/history");

        let on_laptop = [("seen", seen.as_str()), ("problem_details", "Receding at both temples.")];
        let page = laptop.post(path, &on_laptop).await.assert_status(409).text();
        assert!(page.contains("changed on another device") && page.contains("Receding at both temples."), "{page}");
        assert!(page.contains("Thin on the crown for years."), "what is stored is shown: {page}");
        assert_eq!(stored(&t, john).await.problem_details.as_deref(), Some("Thin on the crown for years."));
        // Read and sent again, it is meant.
        let again = hidden(&page, "seen");
        assert_eq!(location(laptop.post(path, &[("seen", &again), on_laptop[1]]).await), "/patient/request/history");
        assert_eq!(stored(&t, john).await.problem_details.as_deref(), Some("Receding at both temples."));

        // Another step is another answer: the phone's older page of it still saves, and nothing else is lost.
        let seen = hidden(&phone.text("/patient/request/wish").await, "seen");
        let step = hidden(&laptop.text(path).await, "seen");
        laptop.post(path, &[("seen", &step), ("problem_details", "Both temples and the crown.")]).await.assert_status(303);
        phone.post("/patient/request/wish", &[("seen", &seen), ("problem", "hair_transplant")]).await.assert_status(303);
        assert_eq!(stored(&t, john).await.problem_details.as_deref(), Some("Both temples and the crown."));
        // A form without a word of what it saw overwrites nothing either.
        laptop.post(path, &[("problem_details", "Nobody saw this coming.")]).await.assert_status(409);
    }

    async fn two_saves_at_once_keep_both_answers(t: TestApp) {
        prepare(&t).await;
        let john = patient(&t, "John", "Doe").await.id;
        saved(&t, john, payload(&t, &["TR"], &[]).await).await;
        let browser = std::sync::Arc::new(Browser::of(&t, john));
        let seen = async |path: &str| hidden(&browser.client.get(path).await.assert_status(200).text(), "seen");
        let (wish, concern) = (seen("/patient/request/wish").await, seen("/patient/request/concern").await);
        let (one, other) = (browser.clone(), browser.clone());
        let one = tokio::spawn(async move { one.post("/patient/request/wish", &[("seen", &wish), ("problem", "beard_transplant")]).await });
        let other = tokio::spawn(async move {
            other.post("/patient/request/concern", &[("seen", &concern), ("problem_details", "A scar in the beard.")]).await
        });
        one.await.unwrap().assert_status(303);
        other.await.unwrap().assert_status(303);
        let stored = stored(&t, john).await;
        assert_eq!(stored.problem, Some(inquiries::InquiryProblem::BeardTransplant));
        assert_eq!(stored.problem_details.as_deref(), Some("A scar in the beard."));
    }

    async fn a_refused_picture_says_why_beside_itself(t: TestApp) {
        prepare(&t).await;
        let turk = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await.id;
        saved(&t, john, payload(&t, &["TR"], &[turk]).await).await;
        let browser = Browser::of(&t, john);
        let refused = async |bytes: Vec<u8>, status: u16| {
            browser.upload("/patient/request/photos/top", Upload::jpeg(bytes)).await.assert_status(status).text()
        };
        let small = refused(testkit::jpeg(300, 300, 1), 422).await;
        let blurred = refused(testkit::blurred_jpeg(640, 640, 1), 422).await;
        // Above the picture's limit, and above what the address takes at all.
        let large = refused(vec![0; 8 * 1024 * 1024], 422).await;
        let huge = refused(vec![0; 26 * 1024 * 1024], 413).await;
        for (page, sentence) in [(&small, "too small"), (&blurred, "not sharp"), (&large, "5 MB at most"), (&huge, "5 MB at most")] {
            let place = page.split("id=\"top\"").nth(1).unwrap_or_else(|| panic!("no place in {page}"));
            let place = place.split("id=\"left\"").next().unwrap();
            assert!(place.contains(sentence) && place.contains("file-top-error"), "{sentence}: {place}");
            assert_eq!(page.matches("class=\"field-error\"").count(), 1, "beside that picture only");
        }
        browser.upload("/patient/request/photos/tail", Upload::jpeg(Vec::new())).await.assert_status(404);
        // What a refusal leaves in the address can be loaded again.
        assert_eq!(location(browser.client.get("/patient/request/photos/top").await), "/patient/request/photos#top");
        assert_eq!(location(browser.client.get("/patient/request/submit").await), "/patient/request/review");
        browser.client.get("/patient/request/photos/tail").await.assert_status(404);
        scan(&browser).await;
        assert_eq!(location(browser.post("/patient/request/photos", &[]).await), "/patient/request/review", "nothing is open");
    }

    async fn clinics_are_searched_and_paged_with_their_ticks(t: TestApp) {
        prepare(&t).await;
        let mut all = Vec::new();
        for number in 0..45 {
            let country = if number < 40 { "TR" } else { "DE" };
            all.push(clinic(&t, &format!("Clinic{number:02}"), country).await);
        }
        change_clinic(&t, all[3], |row| { row.rating_sum = Set(46); row.rating_count = Set(10); row.medical_specialty = Set(Some("Crowns".to_owned())); }).await;
        let john = patient(&t, "John", "Doe").await.id;
        saved(&t, john, payload(&t, &["TR", "DE"], &[]).await).await;
        let browser = Browser::of(&t, john);
        let path = "/patient/request/clinics";
        let first = browser.text(path).await;
        assert_eq!(first.matches("name=\"provider_ids\"").count(), 20);
        assert!(first.contains("Page 1 of 3") && first.contains("value=\"page 2\""), "{first}");
        let on_first: Vec<ProviderId> = all.iter().filter(|id| first.contains(&id.to_string())).copied().collect();

        // A tick survives the turning of the page, and stands there to be taken out.
        let turned = ticks(&browser, path, &hidden(&first, "seen"), &on_first[..1], &[("op", "page 2")]).await;
        assert_eq!(location(turned), "/patient/request/clinics?page=2");
        let second = browser.text("/patient/request/clinics?page=2").await;
        assert!(second.contains("Your choice so far") && second.contains(&format!("value=\"{}\" checked", on_first[0])), "{second}");
        assert_eq!(second.matches("name=\"provider_ids\"").count(), 21);

        // A search is kept in the address, with its words.
        let found = ticks(&browser, path, &hidden(&second, "seen"), &on_first[..1], &[("op", "search"), ("q", "clinic4"), ("country", "DE")]).await;
        let found = location(found);
        assert_eq!(found, "/patient/request/clinics?q=clinic4&country=DE");
        let page = browser.text(&found).await;
        assert_eq!(page.matches("name=\"provider_ids\"").count(), 6, "five found and one ticked");
        assert!(page.contains("value=\"clinic4\"") && page.contains("value=\"DE\" selected"), "{page}");
        let nothing = browser.text("/patient/request/clinics?q=nowhere").await;
        assert!(nothing.contains("No clinic fits this search."), "{nothing}");

        // R-IQ-85: filters and orders of the directory, kept in the address.
        let best = browser.text("/patient/request/clinics?rating=4.5&sort=experience").await;
        assert_eq!(best.matches("name=\"provider_ids\"").count(), 2, "one found and one ticked: {best}");
        assert!(best.contains("Crowns") && best.contains("1 of 5 chosen") && best.contains("value=\"4.5\" selected"), "{best}");
        assert!(nothing.contains("href=\"/patient/messages\""), "{nothing}");

        // Six are one too many, whatever the page; what was ticked is still there.
        let seen = hidden(&page, "seen");
        let many = ticks(&browser, path, &seen, &all[..6], &[("op", "page 2")]).await.assert_status(422).text();
        assert!(many.contains("too many clinics") && many.matches(" checked").count() >= 6, "{many}");
        let chosen = ticks(&browser, path, &hidden(&many, "seen"), &[on_first[0], all[44]], &[("op", "next"), ("from", "review")]).await;
        assert_eq!(location(chosen), "/patient/request/photos?from=review");
        assert_eq!(stored(&t, john).await.provider_ids, [on_first[0], all[44]]);
        let none = ticks(&browser, path, &hidden(&browser.text(path).await, "seen"), &[], &[("op", "next")]).await;
        none.assert_status(422);
    }

    /// R-IQ-16: one question a page, saved each, back without loss.
    async fn medical_questions_are_asked_one_by_one(t: TestApp) {
        prepare(&t).await;
        let turk = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await.id;
        let fresh = DraftPayload { questionnaire: None, ..payload(&t, &["TR"], &[turk]).await };
        saved(&t, john, fresh).await;
        let browser = Browser::of(&t, john);
        scan(&browser).await;
        let path = "/patient/request/health";
        let set = active_set(&t).await;
        let ids: Vec<String> = set.asked().iter().map(|question| question.id.clone()).collect();
        let first = browser.text(path).await;
        assert!(first.contains("Question 1 of 21") && hidden(&first, "question") == ids[0], "{first}");
        assert_eq!(first.matches("type=\"radio\"").count(), 2, "one question");
        assert!(first.contains("maxlength=\"1000\""), "{first}");

        let mut page = first;
        for (place, id) in ids.iter().enumerate() {
            let (seen, answer) = (hidden(&page, "seen"), format!("answer.{id}"));
            let fields = [("seen", seen.as_str()), ("question", id), (answer.as_str(), "no"), ("op", "next")];
            if place == 0 {
                let untold = [fields[0], fields[1], (answer.as_str(), "yes"), fields[3]];
                let refused = browser.post(path, &untold).await.assert_status(422).text();
                assert!(refused.contains(&format!("details-{id}-error")) && refused.contains("Question 1 of 21"), "{refused}");
            }
            let seen = hidden(&browser.text(&format!("{path}?question={id}")).await, "seen");
            let fields = [("seen", seen.as_str()), fields[1], fields[2], fields[3]];
            let to = location(browser.post(path, &fields).await);
            // A form sent twice leads to the same place.
            assert_eq!(location(browser.post(path, &fields).await), to);
            match ids.get(place + 1) {
                Some(next) => assert_eq!(to, format!("{path}?question={next}")),
                None => assert_eq!(to, path, "all answers, to be looked through"),
            }
            if place == 4 {
                // A review before the end leads back to what is open.
                assert_eq!(location(browser.client.get("/patient/request/review").await), path);
                assert_eq!(hidden(&browser.text(path).await, "question"), ids[5], "resumed where it was left");
                let yes = format!("answer.{}", ids[5]);
                let seen = hidden(&browser.text(path).await, "seen");
                let back = [("seen", seen.as_str()), ("question", &ids[5]), (yes.as_str(), "yes"), ("op", "back")];
                assert_eq!(location(browser.post(path, &back).await), format!("{path}?question={}", ids[4]));
                let again = browser.text(&format!("{path}?question={}", ids[5])).await;
                assert!(again.contains("value=\"yes\" checked"), "going back loses nothing: {again}");
            }
            page = browser.text(&to).await;
        }
        assert_eq!(page.matches("?question=").count(), 21, "{page}");
        assert_eq!(location(browser.post(path, &[("op", "next")]).await), "/patient/request/habits");
        assert_eq!(stored(&t, john).await.questionnaire.unwrap().answers.len(), 21);

        // Section 3.1: habits are asked, none has to be told.
        let habits = "/patient/request/habits";
        let seen = hidden(&browser.text(habits).await, "seen");
        let long = "x".repeat(256);
        let refused = browser.post(habits, &[("seen", &seen), ("smoking_status", &long)]).await.assert_status(422).text();
        assert!(refused.contains("smoking_status-error") && refused.contains(&long), "{refused}");
        let seen = hidden(&browser.text(habits).await, "seen");
        let told = [("seen", seen.as_str()), ("smoking_status", "Ten a day"), ("alcohol_consumption", "Rarely"),
            ("family_history", "Father"), ("lifestyle_factors", "Swims"), ("additional_notes", "Afraid of needles")];
        assert_eq!(location(browser.post(habits, &told).await), "/patient/request/review");
        let kept = stored(&t, john).await;
        let words = [kept.smoking_status, kept.alcohol_consumption, kept.family_history, kept.lifestyle_factors, kept.additional_notes];
        assert_eq!(words.map(Option::unwrap), ["Ten a day", "Rarely", "Father", "Swims", "Afraid of needles"]);
        assert!(browser.text("/patient/request/review").await.contains("Ten a day"));
    }

    /// Section 5: how many clinics and files a request may have are settings.
    async fn caps_of_clinics_and_files_are_settings(t: TestApp) {
        use platform::settings::{Changes, Setting, set};
        prepare(&t).await;
        let clinics = [clinic(&t, "Bosphorus", "TR").await, clinic(&t, "Ankara", "TR").await];
        let john = patient(&t, "John", "Doe").await.id;
        saved(&t, john, payload(&t, &["TR"], &[]).await).await;
        const SELECTED: Setting<i64> = Setting::new("inquiry", "max_selected", 5);
        const EVIDENCE: Setting<i64> = Setting::new("inquiry", "max_evidence", 5);
        let changes = Changes::new().with(&SELECTED, 1).with(&EVIDENCE, 0);
        set(&t.app, &kernel::Actor::system(), "inquiry", changes, "Fewer for the trial.").await.unwrap();
        let browser = Browser::of(&t, john);
        let path = "/patient/request/clinics";
        let seen = hidden(&browser.client.get(path).await.assert_status(200).text(), "seen");
        ticks(&browser, path, &seen, &clinics, &[("op", "next")]).await.assert_status(422);
        let seen = hidden(&browser.client.get(path).await.assert_status(200).text(), "seen");
        let one = ticks(&browser, path, &seen, &clinics[..1], &[("op", "next")]).await;
        assert_eq!(location(one), "/patient/request/photos");
        scan(&browser).await;
        let full = browser.upload("/patient/request/evidence/add", Upload::jpeg(testkit::jpeg(64, 64, 1))).await;
        assert!(full.assert_status(422).text().contains("0 of 0"), "no file is taken");
    }

    /// R-IQ-80 and R-IQ-03: the region's order, prices in the money of home, the reader's own order on top.
    async fn countries_come_in_the_order_of_home_and_of_the_reader(t: TestApp) {
        prepare(&t).await;
        for (name, country) in [("Bosphorus", "TR"), ("Rhein", "DE"), ("Wisla", "PL"), ("Ebro", "ES"), ("Tevere", "IT"), ("Duna", "HU"), ("Attica", "GR")] {
            clinic(&t, name, country).await;
        }
        let john = patient(&t, "John", "Doe").await;
        let home = john.country_code.clone().unwrap();
        region(&t, &home, &["PL", "TR"], 5).await;
        starting_price(&t, "PL", "1990.00", directory::rules::price::home_currency(Some(&home))).await;
        let fresh = DraftPayload { destinations: vec![], provider_ids: vec![], ..payload(&t, &["TR"], &[]).await };
        saved(&t, john.id, fresh).await;
        let browser = Browser::of(&t, john.id);
        let path = "/patient/request/destinations";
        let page = browser.text(path).await;
        let place = |page: &str, code: &str| page.find(&format!("name=\"destinations\" value=\"{code}\"")).unwrap();
        assert!(place(&page, "PL") < place(&page, "TR") && place(&page, "TR") < place(&page, "DE"), "{page}");
        let more = page.split("<details class=\"more\">").nth(1).unwrap();
        assert!(more.contains("Show 2 more countries"), "{page}");
        assert_eq!(more.matches("name=\"destinations\"").count(), 2, "five are shown at once: {page}");
        assert!(page.contains("1,990.00") && page.contains("0 of 10 chosen"), "{page}");

        let fields = [("seen", hidden(&page, "seen")), ("destinations", "PL".into()), ("destinations", "TR".into()), ("op", "order".into())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(location(browser.post(path, &fields).await), path);
        let page = browser.text(path).await;
        assert!(page.contains("2 of 10 chosen") && page.contains("value=\"earlier TR\""), "{page}");
        let seen = hidden(&page, "seen");
        let up = [("seen", seen.as_str()), ("destinations", "PL"), ("destinations", "TR"), ("op", "earlier TR")];
        for _ in 0..2 {
            assert_eq!(location(browser.post(path, &up).await), path, "pressed twice it moves once");
        }
        assert_eq!(stored(&t, john.id).await.destinations, ["TR", "PL"]);
        let page = browser.text(path).await;
        assert!(place(&page, "TR") < place(&page, "PL"), "the primary one first: {page}");
    }

    async fn other_countries_take_their_clinics_out_in_sight(t: TestApp) {
        prepare(&t).await;
        let (turk, german) = (clinic(&t, "Bosphorus", "TR").await, clinic(&t, "Rhein", "DE").await);
        let closed = clinic(&t, "Ankara", "TR").await;
        let john = patient(&t, "John", "Doe").await.id;
        saved(&t, john, payload(&t, &["TR", "DE"], &[turk, german, closed]).await).await;
        change_clinic(&t, closed, |row| row.intake_paused_at = Set(Some(testkit::at("2026-03-01T10:00:00Z")))).await;
        let browser = Browser::of(&t, john);
        let path = "/patient/request/destinations?from=review";
        let seen = hidden(&browser.text(path).await, "seen");
        let fields = [("seen", seen.as_str()), ("destinations", "TR"), ("from", "review")];
        let to = location(browser.post("/patient/request/destinations", &fields).await);
        assert_eq!(to, "/patient/request/photos?from=review&dropped=1", "the first that is open");
        assert_eq!(stored(&t, john).await.provider_ids, [turk, closed]);
        let page = browser.text(&to).await;
        assert!(page.contains("One clinic you had chosen is not in these countries"), "{page}");
        let page = browser.text("/patient/request/clinics").await;
        assert!(page.contains("takes no requests now"), "a clinic that closed meanwhile is still in sight: {page}");
    }

    async fn the_review_leads_to_a_step_and_back(t: TestApp) {
        prepare(&t).await;
        let turk = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await.id;
        saved(&t, john, payload(&t, &["TR"], &[turk]).await).await;
        let browser = Browser::of(&t, john);
        scan(&browser).await;
        let page = browser.text("/patient/request/review").await;
        for step in ["wish", "concern", "history", "destinations", "dates", "clinics", "photos", "evidence", "health", "habits"] {
            assert!(page.contains(&format!("/patient/request/{step}?from=review\"")), "{step} in {page}");
        }
        let step = browser.text("/patient/request/history?from=review").await;
        assert!(step.contains("href=\"/patient/request/review\""), "the way back: {step}");
        let seen = hidden(&step, "seen");
        let fields = [
            ("seen", seen.as_str()),
            ("from", "review"),
            ("duration_of_concern", "1_3y"),
            ("previous_treatments", "minoxidil"),
            ("severity", "8"),
        ];
        assert_eq!(location(browser.post("/patient/request/history", &fields).await), "/patient/request/review");

        // What is sent is what was read: another device changed an answer meanwhile.
        let seen = hidden(&page, "seen");
        let refused = browser.post("/patient/request/submit", &[("seen", &seen), ("terms_accepted", "true")]).await;
        let refused = refused.assert_status(409).text();
        assert!(refused.contains("read it once more") && refused.contains("minoxidil"), "{refused}");
        assert_eq!(inquiries::Entity::find().count(t.conn()).await.unwrap(), 0);
        let seen = hidden(&refused, "seen");
        let untold = browser.post("/patient/request/submit", &[("seen", &seen)]).await.assert_status(422).text();
        assert_eq!(hidden(&untold, "seen"), seen, "the page can be sent again");
        for _ in 0..2 {
            let sent = browser.post("/patient/request/submit", &[("seen", &seen), ("terms_accepted", "true")]).await;
            assert!(location(sent).starts_with("/patient/cases/"), "sent twice, it is one request");
        }
        assert_eq!(inquiries::Entity::find().count(t.conn()).await.unwrap(), 1);
    }

    async fn what_is_missing_is_said_before_the_work(t: TestApp) {
        prepare(&t).await;
        let turk = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await;
        let browser = Browser::of(&t, john.id);
        let complete = browser.text("/patient/request").await;
        assert!(!complete.contains("/patient/profile/complete"), "{complete}");
        let given = identity::consents::Given { locale: Locale::En, channel: PatientConsentChannel::Web };
        let withdrawn = (PatientConsentType::ProviderDataSharing, PatientConsentAction::Withdrawn);
        identity::consents::record(t.conn(), &t.app, &actors::patient(john.id), john.id, withdrawn, given).await.unwrap();
        let id = john.id;
        let mut row = john.into_active_model();
        row.phone_number = Set(None);
        row.update(t.conn()).await.unwrap();
        let way = "/patient/profile/complete?next=/patient/request";
        for path in ["/patient/request", "/patient/request/wish"] {
            let page = browser.text(path).await;
            assert!(page.contains("Your profile is not complete") && page.contains("Your consent is missing"), "{page}");
            assert!(page.contains(&format!("href=\"{way}\"")), "{page}");
        }
        saved(&t, id, payload(&t, &["TR"], &[turk]).await).await;
        scan(&browser).await;
        let review = browser.text("/patient/request/review").await;
        assert!(review.contains("Your profile is not complete") && review.contains(&format!("{way}/review")), "{review}");
    }

    async fn a_turkish_patient_reads_turkish(t: TestApp) {
        prepare(&t).await;
        let german = clinic(&t, "Rhein", "DE").await;
        let john = patient(&t, "John", "Doe").await.id;
        saved(&t, john, payload(&t, &["DE"], &[german]).await).await;
        let mut browser = Browser::of(&t, john);
        browser.client = browser.client.header("accept-language", "tr");
        scan(&browser).await;
        for path in ["destinations", "clinics", "review"] {
            let page = browser.text(&format!("/patient/request/{path}")).await;
            assert!(page.contains("Almanya"), "{path}: {page}");
            assert!(!page.contains("Germany"), "{page}");
        }
        let health = browser.text("/patient/request/health").await;
        assert!(health.contains("Yüksek tansiyonunuz var mı?") && !health.contains("Do you have"), "{health}");
        let one = browser.text("/patient/request/health?question=hypertension").await;
        assert!(one.contains("Yüksek tansiyonunuz var mı?") && !one.contains("Do you have"), "{one}");
        assert!(inquiry_drafts::Entity::find().one(t.conn()).await.unwrap().is_some());
    }
}
