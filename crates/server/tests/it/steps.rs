//! The steps of a case, as clients take them. Each ends with the jobs that follow from it.

use chrono::Duration;
use kernel::ids::PatientId;
use serde_json::{Value as Json, json};
use testkit::{Client, Reply};

use crate::world::{PASSWORD, World};

pub const EMAIL: &str = "john.doe@patients.example";
pub const PHONE: &str = "+447700900123";
pub const BIRTHDAY: &str = "1988-07-14";

const VIEWS: [&str; 5] = ["front", "top", "left", "right", "back"];

/// Step 2: registers, proves the address, completes the profile, gives the consents.
pub async fn register(world: &World, first: &str, last: &str, email: &str, phone: &str) -> Client {
    let form = json!({
        "first_name": first, "last_name": last, "email": email, "password": PASSWORD,
        "password_confirmation": PASSWORD, "terms_accepted": true
    });
    let registered = world.http.post("/api/v1/patient/auth/register", form).await.assert_status(202);
    let token = registered.str("/registration_token").to_owned();
    world.run_jobs().await;
    let code = code_in(&world.mail_to(email).text);
    let wrong = if code == "000000" { "111111" } else { "000000" };
    world
        .http
        .post("/api/v1/patient/auth/register/verify", json!({ "registration_token": token, "code": wrong }))
        .await
        .assert_problem(422, "code_invalid");
    let verified = world
        .http
        .post("/api/v1/patient/auth/register/verify", json!({ "registration_token": token, "code": code }))
        .await
        .assert_status(200);
    let patient = world.with_token(verified.str("/access_token"));
    let profile = json!({ "gender": "male", "birthday": BIRTHDAY, "phone_number": phone, "country_code": "GB", "location": CITY });
    patient.patch("/api/v1/me", profile).await.assert_status(200);
    for kind in ["medical_data_processing", "provider_data_sharing"] {
        patient
            .post("/api/v1/me/consents", json!({ "consent_type": kind, "action": "granted" }))
            .await
            .assert_status(200);
    }
    world.run_jobs().await;
    patient
}

fn code_in(text: &str) -> String {
    let digits = text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6);
    digits.expect("a six-digit code in the mail").to_owned()
}

/// The draft of a request to both clinics, with `yes` answered with yes.
pub async fn draft(world: &World, patient: &Client, yes: &[&str]) -> Json {
    let set = patient.get("/api/v1/questionnaires/active").await.assert_status(200);
    let answers: Vec<Json> = set
        .at("/questions")
        .as_array()
        .unwrap()
        .iter()
        .map(|question| {
            let id = question["id"].as_str().unwrap();
            match yes.contains(&id) {
                true => json!({ "question_id": id, "answer": true, "details": "Known since 2019, ask john.doe@patients.example." }),
                false => json!({ "question_id": id, "answer": false }),
            }
        })
        .collect();
    json!({
        "problem": "hair_transplant",
        "destinations": ["TR", "PL"],
        "problem_details": "My hairline has moved back a lot. Call me at +44 7700 900123 or write to john.doe@patients.example.",
        "nature_of_concern": "Receding hairline, call +44 7700 900123",
        "duration_of_concern": "3_5y",
        "previous_treatments": "none, says john.doe@patients.example",
        "lifestyle_factors": "I run. My number is +44 7700 900123.",
        "additional_notes": "Write to john.doe@patients.example any time.",
        "severity": 7,
        "treatment_schedule": [
            { "start": "2026-05-04", "end": "2026-05-15" },
            { "start": "2026-06-01", "end": "2026-06-12" }
        ],
        "provider_ids": [world.clinics[0].id(), world.clinics[1].id()],
        "questionnaire": { "set_id": set.at("/set_id"), "version": set.at("/version"), "answers": answers },
        "terms_accepted": true
    })
}

/// Saves the draft and uploads the five pictures.
pub async fn prepare_inquiry(world: &World, patient: &Client, yes: &[&str]) {
    let payload = draft(world, patient, yes).await;
    patient.put("/api/v1/inquiry-draft", json!({ "step": "review", "payload": payload })).await.assert_status(200);
    for (seed, view) in (1..).zip(VIEWS) {
        // A picture that carries where it was taken and by whom.
        let picture = with_metadata(testkit::jpeg(640, 640, seed));
        let upload = testkit::Upload::jpeg(picture).named("IMG_John_Doe_London.jpg");
        patient
            .multipart("/api/v1/inquiry-draft/media", &[("collection", "head_scan"), ("view", view)], &[upload])
            .await
            .assert_status(201);
    }
}

/// Where the patient of [`register`] lives.
pub const CITY: &str = "Whitstable";

/// The words hidden in the pictures of [`prepare_inquiry`].
pub const PICTURE_SECRET: &str = "GPS 51.5007 -0.1246 JOHN DOE IPHONE";

/// Puts a comment segment behind the start of a JPEG.
fn with_metadata(jpeg: Vec<u8>) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xfe]);
    out.extend(u16::try_from(PICTURE_SECRET.len() + 2).unwrap().to_be_bytes());
    out.extend(PICTURE_SECRET.as_bytes());
    out.extend(&jpeg[2..]);
    out
}

/// Step 3: files the request. HIV answered with yes makes the alert red.
pub async fn file_inquiry(world: &World, patient: &Client) -> String {
    prepare_inquiry(world, patient, &["hiv"]).await;
    let reply = patient.post("/api/v1/inquiries", json!({})).await.assert_status(201);
    let id = reply.str("/id").to_owned();
    world.run_jobs().await;
    id
}

/// What a clinic offers: GS-1 of inquiry-quote, slot on 12 May.
pub fn quote_body(world: &World, index: usize, grafts: i32) -> Json {
    let side = &world.clinics[index];
    json!({
        "treatment_id": side.treatment,
        "estimated_grafts": grafts,
        "dates": [{ "date": "2026-05-12" }, { "date": "2026-06-09", "price": { "amount": "8100.00", "currency": "GBP" } }],
        "packages": side.packages,
        "clinician_id": side.clinic.owner,
        "slot": { "date": "2026-05-12", "time": "09:00" },
        "plan": [
            { "day": 1, "date": "2026-05-12", "description": "Extraction and implantation" },
            { "day": 2, "date": "2026-05-13", "description": "First wash and check" }
        ],
        "included_services": ["hotel", "transport"],
        "note": "We look forward to meeting you."
    })
}

/// Step 4: a clinic drafts and submits.
pub async fn quote(world: &World, clinic: &Client, inquiry: &str, index: usize, grafts: i32) -> String {
    let made = clinic
        .post(&format!("/api/v1/inquiries/{inquiry}/quotes"), quote_body(world, index, grafts))
        .await
        .assert_status(201);
    let id = made.str("/id").to_owned();
    clinic
        .post(&format!("/api/v1/quotes/{id}/submit"), json!({ "version": made.at("/version") }))
        .await
        .assert_status(200);
    world.run_jobs().await;
    id
}

/// Step 5: the patient accepts what is on the screen.
pub async fn accept(patient: &Client, quote: &str) -> Reply {
    let seen = patient.get(&format!("/api/v1/quotes/{quote}")).await.assert_status(200);
    let body = json!({ "version": seen.at("/version"), "terms": true, "expected_total": seen.at("/total") });
    patient.post(&format!("/api/v1/quotes/{quote}/accept"), body).await
}

/// Steps 6 and 7: pays an option with the simulator's good card and lets the webhook arrive.
pub async fn pay(world: &World, patient: &Client, quote: &str, option: &str) {
    let started = start_payment(patient, quote, option).await.assert_status(200);
    confirm_card(patient, &started, "4242424242424242").await.assert_status(200);
    world.run_jobs().await;
}

pub async fn start_payment(patient: &Client, quote: &str, option: &str) -> Reply {
    let body = payment(patient, quote, option).await;
    patient.post(&format!("/api/v1/bookings/{quote}/payments"), body).await
}

/// What starts the payment of an option as the checkout shows it.
pub async fn payment(patient: &Client, quote: &str, option: &str) -> Json {
    let checkout = patient.get(&format!("/api/v1/bookings/{quote}/checkout")).await.assert_status(200);
    let offers = checkout.at("/options").as_array().unwrap().clone();
    let offer = offers.iter().find(|offer| offer["option"] == option).expect("the option is offered");
    json!({
        "option": option, "expected_amount": offer["now"], "accept_cancellation_policy": true, "accept_terms": true
    })
}

pub async fn confirm_card(patient: &Client, started: &Reply, number: &str) -> Reply {
    let path = format!("/api/v1/simulator/payment-intents/{}/confirm", started.str("/intent_id"));
    let card = json!({ "number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123" });
    patient.post(&path, json!({ "client_secret": started.at("/client_secret"), "card": card })).await
}

/// Step 7: check-in, documentation, completion with a plan. The clock stands at the appointment before.
pub async fn treat(world: &World, clinic: &Client, quote: &str, template: &str) {
    let base = format!("/api/v1/treatment-cases/{quote}");
    clinic.post(&format!("{base}/check-in"), json!({})).await.assert_status(200);
    let upload = |collection: &str, seed: u64| {
        let files: Vec<testkit::Upload> = (seed..)
            .zip(VIEWS)
            .map(|(seed, view)| testkit::Upload::jpeg(testkit::jpeg(640, 640, seed)).in_field(view))
            .collect();
        (vec![("collection".to_owned(), collection.to_owned())], files)
    };
    for (collection, seed) in [("head_scan_before", 20), ("head_scan_after", 40)] {
        let (fields, files) = upload(collection, seed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        clinic.multipart(&format!("{base}/media"), &fields, &files).await.assert_status(201);
    }
    let mut clinic = clinic.clone();
    for day in [1, 2] {
        if day == 2 {
            world.t.advance(Duration::hours(24));
            clinic = world.clinic(0).await;
        }
        let case = clinic.get(&base).await.assert_status(200);
        let version = case.at(&format!("/days/{}/lock_version", day - 1)).clone();
        clinic
            .patch(&format!("{base}/days/{day}"), json!({ "lock_version": version, "status": "finished" }))
            .await
            .assert_status(200);
    }
    let done = json!({
        "conclusion_notes": "3,020 grafts placed without complication.",
        "prescription": "Amoxicillin 500 mg for five days.",
        "advice": "Sleep with the head raised for a week.",
        "medication_instructions": "One capsule in the morning and in the evening.",
        "actual_graft_count": 3020,
        "aftercare_template_id": template
    });
    clinic.post(&format!("{base}/complete"), done).await.assert_status(200);
    world.run_jobs().await;
}

/// Step 8: the five pictures of a recovery.
pub async fn scan(patient: &Client, plan: &str) -> Reply {
    let fields = ["front", "top", "sides", "back"];
    let picture = |(seed, view)| testkit::Upload::jpeg(testkit::jpeg(640, 640, seed)).in_field(view);
    let files: Vec<testkit::Upload> = (60..).zip(fields).map(picture).collect();
    patient.multipart(&format!("/api/v1/aftercare-cases/{plan}/scans"), &[], &files).await
}

/// Step 8: answers the questionnaire about pain with this number, everything else calmly.
pub async fn answer_pain(patient: &Client, plan: &str, pain: i64) -> Reply {
    let tasks = patient.get(&format!("/api/v1/aftercare-cases/{plan}/tasks?per_page=100")).await.assert_status(200);
    let rows = tasks.json.as_array().or_else(|| tasks.json["data"].as_array()).unwrap().clone();
    let mut asked: Vec<String> =
        rows.iter().filter_map(|task| task["questionnaire_id"].as_str()).map(str::to_owned).collect();
    asked.sort_unstable();
    asked.dedup();
    for questionnaire in asked {
        let path = format!("/api/v1/aftercare-cases/{plan}/questionnaires/{questionnaire}");
        let shown = patient.get(&path).await.assert_status(200);
        if shown.str("/questionnaire_type") != "pain" {
            continue;
        }
        let mut answers = serde_json::Map::new();
        for question in shown.at("/questions").as_array().unwrap() {
            let value = match question["question_type"].as_str().unwrap() {
                "visual_scale" | "numeric_scale" | "number" => json!(pain),
                "yes_no" => json!("yes"),
                "single_choice" => question["options"][1].clone(),
                "multi_select" => json!([]),
                _ => json!("Since last night."),
            };
            answers.insert(question["question_id"].as_str().unwrap().to_owned(), value);
        }
        return patient.post(&format!("{path}/responses"), json!({ "responses": answers })).await;
    }
    panic!("no questionnaire about pain among {rows:?}");
}

/// A request without a medical alert, distributed to the clinics.
pub async fn healthy_inquiry(world: &World, patient: &Client) -> String {
    prepare_inquiry(world, patient, &[]).await;
    let id = patient.post("/api/v1/inquiries", json!({})).await.assert_status(201).str("/id").to_owned();
    world.run_jobs().await;
    id
}

/// John, who just registered and has an offer of the first clinic; his id, a fresh client of his, the offer.
pub async fn offered(world: &World) -> (PatientId, Client, String) {
    let patient = register(world, "John", "Doe", EMAIL, PHONE).await;
    let id = patient.get("/api/v1/me").await.assert_status(200).get("/id");
    let inquiry = healthy_inquiry(world, &patient).await;
    let clinic = world.clinic(0).await;
    let quote = quote(world, &clinic, &inquiry, 0, 3000).await;
    (id, world.patient(EMAIL).await, quote)
}
