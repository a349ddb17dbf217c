//! The server is killed at random moments while a patient accepts and pays. Afterwards the case is before or after the
//! step, never between, and one charge at most was made.

#![expect(clippy::disallowed_methods, reason = "another process is ended at moments of chance")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use catalogue::entity::packages::PackageCategory;
use directory::seed::ClinicSpec;
use identity::seed::{AdminSpec, Hashed, PatientSpec};
use inquiry::entity::{inquiries, workflow_timelines};
use inquiry::seed::InquirySpec;
use kernel::ids::{InquiryId, PatientId, ProviderUserId, QuoteId, TreatmentId};
use kernel::{Amount, Currency, Money};
use payments::entity::{ledger_entries, payments as payment_rows};
use platform::entity::{audit_logs, outbox_events};
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::{booking_terms, schedule_occupancies, schedules};
use quoting::seed::QuoteSpec;
use rand::Rng;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IsolationLevel, PaginatorTrait, QueryFilter, TransactionTrait,
};
use serde_json::{Value as Json, json};
use testkit::{Engine, TestApp, actors, both};

use crate::running::Running;

/// How often the server is killed.
const ROUNDS: usize = 20;

const PASSWORD: &str = "Correct!Horse7Battery";

struct Patient {
    id: PatientId,
    email: String,
}

struct House {
    clinics: [(ProviderUserId, kernel::ids::ProviderId); 2],
    treatment: TreatmentId,
    password: Hashed,
    pictures: Vec<Vec<u8>>,
}

impl House {
    async fn build(t: &TestApp) -> Self {
        server::install(&t.app).await.unwrap();
        let password = Hashed::of(&t.app, PASSWORD).await.unwrap();
        let admin = identity::seed::admin(&t.app, AdminSpec::super_admin("root@hairline.example")).await.unwrap();
        catalogue::seed::fx_rates(&t.app).await.unwrap();
        let treatment = catalogue::seed::treatments(&t.app, admin).await.unwrap()[0].id;
        let mut made = Vec::new();
        for name in ["Bosphorus Hair", "Golden Horn Clinic"] {
            let clinic = directory::seed::clinic(&t.app, ClinicSpec::new(name)).await.unwrap();
            let price = Money::new(Amount::from_units(2500), Currency::GBP);
            catalogue::seed::price(&t.app, clinic.id(), treatment, price, Amount::from_units(2)).await.unwrap();
            let hotel = Money::new(Amount::from_units(300), Currency::GBP);
            catalogue::seed::package(&t.app, clinic.id(), "Hotel", PackageCategory::Hotel, hotel).await.unwrap();
            made.push((clinic.owner, clinic.id()));
        }
        let pictures = (1..=5).map(|seed| testkit::jpeg(640, 640, seed)).collect();
        Self { clinics: [made[0], made[1]], treatment, password, pictures }
    }

    /// A patient with one quote of each clinic, a day of their own, so that slots never collide.
    async fn case(&self, t: &TestApp, round: usize) -> (Patient, InquiryId, [QuoteId; 2]) {
        let email = format!("patient{round}@patients.example");
        let mut spec = PatientSpec::new(&t.app, "John", "Doe");
        spec.email.clone_from(&email);
        spec.phone = format!("+4477009{round:05}");
        spec.password = self.password.clone();
        let patient = identity::seed::patient(&t.app, spec).await.unwrap();
        let providers: Vec<_> = self.clinics.iter().map(|(_, provider)| *provider).collect();
        let today = t.now().date_naive();
        let from = today + chrono::Duration::days(40);
        let range = kernel::DateRange::new(from, from + chrono::Duration::days(60)).unwrap();
        let wish = InquirySpec::new(&["TR"], &providers, self.pictures.clone()).on(&[range]);
        let inquiry = inquiry::seed::inquiry(&t.app, patient.id, wish).await.unwrap();
        t.run_jobs(&server::registry()).await;
        let mut sent = Vec::new();
        for (owner, provider) in self.clinics {
            let day = from + chrono::Duration::days(i64::try_from(round).unwrap() * 2);
            let quote = QuoteSpec::new(self.treatment, 3000, owner, day);
            let clinic = actors::clinic_owner(owner, provider);
            sent.push(quoting::seed::draft_and_submit(&t.app, &clinic, inquiry, &quote).await.unwrap());
        }
        t.run_jobs(&server::registry()).await;
        (Patient { id: patient.id, email }, inquiry, [sent[0], sent[1]])
    }
}

/// Asks, and tells an answer from a connection that died.
async fn ask(http: &reqwest::Client, url: String, token: &str, body: Option<Json>) -> Option<(u16, Json)> {
    let request = match body {
        Some(body) => http.post(url).json(&body),
        None => http.get(url),
    };
    let answer = request.bearer_auth(token).send().await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.json().await.ok()?))
}

async fn sign_in(http: &reqwest::Client, server: &Running, patient: &Patient) -> String {
    let url = format!("{}/api/v1/patient/auth/login", server.url);
    let answer = http.post(url).json(&json!({ "login": patient.email, "password": PASSWORD })).send().await.unwrap();
    let body: Json = answer.json().await.unwrap();
    body["access_token"].as_str().unwrap_or_else(|| panic!("signed in: {body}")).to_owned()
}

async fn accept(http: &reqwest::Client, url: &str, token: &str, quote: QuoteId) -> Option<(u16, Json)> {
    let (_, seen) = ask(http, format!("{url}/api/v1/quotes/{quote}"), token, None).await?;
    let body = json!({ "version": seen["version"], "terms": true, "expected_total": seen["total"] });
    ask(http, format!("{url}/api/v1/quotes/{quote}/accept"), token, Some(body)).await
}

async fn pay(http: &reqwest::Client, url: &str, token: &str, quote: QuoteId) -> Option<(u16, Json)> {
    let (_, checkout) = ask(http, format!("{url}/api/v1/bookings/{quote}/checkout"), token, None).await?;
    let deposit = checkout["options"].as_array()?.iter().find(|offer| offer["option"] == "deposit")?.clone();
    let body = json!({
        "option": "deposit", "expected_amount": deposit["now"], "accept_cancellation_policy": true, "accept_terms": true
    });
    let (_, started) = ask(http, format!("{url}/api/v1/bookings/{quote}/payments"), token, Some(body)).await?;
    let intent = started["intent_id"].as_str()?;
    let card = json!({ "number": "4242424242424242", "exp_month": 12, "exp_year": 2099, "cvc": "123" });
    let body = json!({ "client_secret": started["client_secret"], "card": card });
    ask(http, format!("{url}/api/v1/simulator/payment-intents/{intent}/confirm"), token, Some(body)).await
}

/// Kills the server at a random moment of `work`, or shortly after it: `usual` is how long it takes undisturbed.
async fn killed_during(server: Running, usual: Duration, work: impl Future<Output = Option<(u16, Json)>>) {
    let moment = usual.mul_f64(rand::rng().random_range(0.0..1.5));
    let killer = async move {
        tokio::time::sleep(moment).await;
        tokio::task::spawn_blocking(move || server.kill()).await.unwrap();
    };
    tokio::join!(work, killer);
}

/// One moment of the database: a server may be writing, and rows of two moments prove nothing.
async fn snapshot(t: &TestApp) -> DatabaseTransaction {
    let isolation = (t.engine == Engine::Mysql).then_some(IsolationLevel::RepeatableRead);
    t.conn().begin_with_config(isolation, None).await.unwrap()
}

/// Before or after the acceptance, never between.
async fn assert_whole_acceptance(t: &TestApp, inquiry: InquiryId, quotes: [QuoteId; 2]) -> bool {
    let conn = &snapshot(t).await;
    let case = inquiries::Entity::find_by_id(inquiry).one(conn).await.unwrap().unwrap();
    let mut states = Vec::new();
    for id in quotes {
        states.push(quotes::Entity::find_by_id(id).one(conn).await.unwrap().unwrap().status);
    }
    let schedules =
        schedules::Entity::find().filter(schedules::Column::QuoteId.eq(quotes[0])).count(conn).await.unwrap();
    let terms =
        booking_terms::Entity::find().filter(booking_terms::Column::QuoteId.eq(quotes[0])).count(conn).await.unwrap();
    let told = workflow_timelines::Entity::find()
        .filter(workflow_timelines::Column::InquiryId.eq(inquiry))
        .filter(workflow_timelines::Column::Event.eq("quote_accepted"))
        .count(conn)
        .await
        .unwrap();
    let events = outbox_events::Entity::find()
        .filter(outbox_events::Column::EventKey.eq("quote.accepted"))
        .filter(outbox_events::Column::SubjectId.eq(quotes[0]))
        .count(conn)
        .await
        .unwrap();
    let after = case.accepted_quote_id.is_some();
    let expected = match after {
        true => (vec![QuoteStatus::Accepted, QuoteStatus::Cancelled], 1, 1, 1, 1),
        false => (vec![QuoteStatus::Quote, QuoteStatus::Quote], 0, 0, 0, 0),
    };
    assert_eq!((states, schedules, terms, told, events), expected, "accepted: {after}");
    after
}

/// What an acceptance leaves where one look at the case does not see it: the timeline, the audit log, the outbox, the
/// time at the clinic.
async fn traces(t: &TestApp, inquiry: InquiryId, quotes: [QuoteId; 2]) -> BTreeMap<String, usize> {
    let conn = &snapshot(t).await;
    let told = workflow_timelines::Entity::find().filter(workflow_timelines::Column::InquiryId.eq(inquiry));
    let told = told.all(conn).await.unwrap().into_iter().map(|row| format!("timeline {}", row.event));
    let noted = audit_logs::Entity::find().filter(audit_logs::Column::QuoteId.is_in(quotes));
    let noted = noted.all(conn).await.unwrap().into_iter().map(|row| format!("audit {}", row.action));
    let subjects = quotes.map(|id| id.any()).into_iter().chain([inquiry.any()]);
    let events = outbox_events::Entity::find().filter(outbox_events::Column::SubjectId.is_in(subjects));
    let events = events.all(conn).await.unwrap().into_iter().map(|row| format!("event {}", row.event_key));
    let cells = schedule_occupancies::Entity::find()
        .inner_join(schedules::Entity)
        .filter(schedules::Column::QuoteId.is_in(quotes));
    let cells = cells.all(conn).await.unwrap().into_iter().map(|_| "cell".to_owned());
    let mut counted = BTreeMap::new();
    for trace in told.chain(noted).chain(events).chain(cells) {
        *counted.entry(trace).or_insert(0) += 1;
    }
    counted
}

/// One charge at most, a balanced ledger, and a booking that is confirmed exactly when the charge is.
async fn assert_whole_payment(t: &TestApp, quote: QuoteId) -> bool {
    let conn = &snapshot(t).await;
    let rows = payment_rows::Entity::find().filter(payment_rows::Column::QuoteId.eq(quote)).all(conn).await.unwrap();
    // A second one would be sent back as a surplus: then there is a refund.
    assert!(rows.iter().all(|row| row.payment_type != payment_rows::PaymentType::Refund), "charged twice: {rows:?}");
    let charged = rows.iter().filter(|row| row.payment_status == payment_rows::PaymentStatus::Completed).count();
    assert!(charged <= 1, "charged {charged} times");
    let entries =
        ledger_entries::Entity::find().filter(ledger_entries::Column::QuoteId.eq(quote)).all(conn).await.unwrap();
    let debit: Amount = entries.iter().map(|entry| entry.debit).sum();
    let credit: Amount = entries.iter().map(|entry| entry.credit).sum();
    assert_eq!(debit, credit, "the ledger is balanced");
    let status = quotes::Entity::find_by_id(quote).one(conn).await.unwrap().unwrap().status;
    let confirmed = status == QuoteStatus::Confirmed;
    assert_eq!(confirmed, charged == 1, "{status:?} with {charged} charges");
    assert_eq!(entries.is_empty(), charged == 0);
    confirmed
}

/// Repeats a step until it is done; the retries of a phone.
async fn until(what: &str, done: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} never happened");
}

both! {
    async fn accepting_survives_a_kill(t: TestApp) {
        t.clock.set(chrono_now());
        let house = House::build(&t).await;
        let http = reqwest::Client::new();
        let mut cases = Vec::new();
        for round in 0..=ROUNDS {
            cases.push(house.case(&t, round).await);
        }
        // Undisturbed first: the moments of the kills are spread over what the step takes here.
        let (patient, inquiry, quotes) = cases.pop().unwrap();
        let mut server = Running::start(&t);
        let token = sign_in(&http, &server, &patient).await;
        let untouched = traces(&t, inquiry, quotes).await;
        let begin = Instant::now();
        accept(&http, &server.url, &token, quotes[0]).await.unwrap();
        let mut usual = begin.elapsed();
        assert!(assert_whole_acceptance(&t, inquiry, quotes).await);
        let whole = traces(&t, inquiry, quotes).await;
        assert!(whole.contains_key("audit quote.accepted") && whole.contains_key("cell"), "{whole:?}");
        let (mut before, mut after) = (0, 0);
        for (patient, inquiry, quotes) in cases {
            let token = sign_in(&http, &server, &patient).await;
            let url = server.url.clone();
            killed_during(server, usual, accept(&http, &url, &token, quotes[0])).await;
            let is_after = assert_whole_acceptance(&t, inquiry, quotes).await;
            assert_eq!(traces(&t, inquiry, quotes).await, if is_after { whole.clone() } else { untouched.clone() });
            // The phone asks again, and it happens once.
            server = Running::start(&t);
            let begin = Instant::now();
            let (status, _) = accept(&http, &server.url, &token, quotes[0]).await.unwrap();
            assert_eq!(status, 200);
            assert!(assert_whole_acceptance(&t, inquiry, quotes).await);
            assert_eq!(traces(&t, inquiry, quotes).await, whole);
            if is_after {
                after += 1;
            } else {
                before += 1;
                // The machine may have been slow when it was measured first.
                usual = (usual + begin.elapsed()) / 2;
            }
        }
        server.kill();
        assert!(before > 0 && after > 0, "all on one side: {before} before, {after} after");
        println!("a kill within {usual:?}: {before} times before the commit, {after} times after it");
    }

    async fn paying_survives_a_kill(t: TestApp) {
        t.clock.set(chrono_now());
        let house = House::build(&t).await;
        let http = reqwest::Client::new();
        let mut cases = Vec::new();
        for round in 0..=ROUNDS {
            let case = house.case(&t, round).await;
            quoting::seed::accept(&t.app, case.0.id, case.2[0]).await.unwrap();
            cases.push(case);
        }
        // Undisturbed first, to the confirmation by the webhook.
        let (patient, _, quotes) = cases.pop().unwrap();
        let mut server = Running::start(&t);
        let token = sign_in(&http, &server, &patient).await;
        let begin = Instant::now();
        pay(&http, &server.url, &token, quotes[0]).await.unwrap();
        until("the confirmation", async || assert_whole_payment(&t, quotes[0]).await).await;
        let usual = begin.elapsed();
        let (mut before, mut after) = (0, 0);
        let mut paid = Vec::new();
        for (patient, _, quotes) in cases {
            let token = sign_in(&http, &server, &patient).await;
            let url = server.url.clone();
            killed_during(server, usual, pay(&http, &url, &token, quotes[0])).await;
            if assert_whole_payment(&t, quotes[0]).await { after += 1 } else { before += 1 }
            // The server comes back: what was charged arrives by itself, what was not is paid by trying again.
            server = Running::start(&t);
            until("the confirmation", async || {
                if assert_whole_payment(&t, quotes[0]).await {
                    return true;
                }
                // Refused while the first attempt is still on its way.
                let _ = pay(&http, &server.url, &token, quotes[0]).await;
                false
            })
            .await;
            assert!(assert_whole_payment(&t, quotes[0]).await);
            paid.push(quotes[0]);
        }
        server.kill();
        assert!(before > 0 && after > 0, "all on one side: {before} before, {after} after");
        // What was still on its way arrives too, and nothing was charged twice.
        t.clock.set(chrono_now() + chrono::Duration::hours(2));
        t.run_jobs(&server::registry()).await;
        for quote in paid {
            assert!(assert_whole_payment(&t, quote).await);
            let rows = payment_rows::Entity::find().filter(payment_rows::Column::QuoteId.eq(quote)).all(t.conn()).await.unwrap();
            let is_charged = |row: &&payment_rows::Model| {
                row.metadata.as_ref().and_then(|it| it["gateway_status"].as_str()) == Some("succeeded")
            };
            assert_eq!(rows.iter().filter(is_charged).count(), 1, "{rows:?}");
        }
        println!("a kill within {usual:?}: {before} times before the confirmation, {after} times after it");
    }
}

/// How often the server is killed while many pay, and how many they are.
const KILLS: usize = 50;
const PAYERS: usize = 20;

/// One step of somebody who pays until nothing is due; true once that is so. `None` where the server died on the way.
async fn pay_on(http: &reqwest::Client, url: &str, token: &str, quote: QuoteId) -> Option<bool> {
    let (status, checkout) = ask(http, format!("{url}/api/v1/bookings/{quote}/checkout"), token, None).await?;
    assert_eq!(status, 200, "{checkout}");
    let options = checkout["options"].as_array()?;
    let Some(offer) = options.iter().find(|offer| offer["option"] == "deposit").or(options.first()) else {
        return Some(checkout["blocked"] == "already_paid");
    };
    let body = json!({
        "option": offer["option"], "expected_amount": offer["now"], "accept_cancellation_policy": true, "accept_terms": true
    });
    let (_, started) = ask(http, format!("{url}/api/v1/bookings/{quote}/payments"), token, Some(body)).await?;
    let Some(intent) = started["intent_id"].as_str() else { return Some(false) };
    let is_bad = rand::random_range(0..4) == 0;
    let number = if is_bad { "4000000000000002" } else { "4242424242424242" };
    let card = json!({ "number": number, "exp_month": 12, "exp_year": 2099, "cvc": "123" });
    let body = json!({ "client_secret": started["client_secret"], "card": card });
    ask(http, format!("{url}/api/v1/simulator/payment-intents/{intent}/confirm"), token, Some(body)).await?;
    Some(false)
}

both! {
    /// Twenty pay deposit and balance, with cards that are refused now and then, while the server dies fifty times.
    async fn many_pay_while_the_server_dies(t: TestApp) {
        t.clock.set(chrono_now());
        let house = House::build(&t).await;
        let http = reqwest::Client::new();
        let mut server = Running::start(&t);
        let mut cases = Vec::new();
        for round in 0..PAYERS {
            let (patient, _, quotes) = house.case(&t, round).await;
            quoting::seed::accept(&t.app, patient.id, quotes[0]).await.unwrap();
            let token = sign_in(&http, &server, &patient).await;
            cases.push((token, quotes[0]));
        }
        let url = std::sync::Arc::new(std::sync::RwLock::new(server.url.clone()));
        let mut payers = tokio::task::JoinSet::new();
        for (token, quote) in cases.clone() {
            let (http, url) = (http.clone(), url.clone());
            payers.spawn(async move {
                let mut deaths = 0;
                loop {
                    let base = url.read().unwrap().clone();
                    match pay_on(&http, &base, &token, quote).await {
                        Some(true) => return deaths,
                        Some(false) => {}
                        None => deaths += 1,
                    }
                    let pause = Duration::from_millis(rand::rng().random_range(5..80));
                    tokio::time::sleep(pause).await;
                }
            });
        }
        for _ in 0..KILLS {
            tokio::time::sleep(Duration::from_millis(rand::rng().random_range(20..350))).await;
            server.kill();
            server = Running::start(&t);
            url.write().unwrap().clone_from(&server.url);
        }
        let mut deaths = 0;
        while let Some(done) = payers.join_next().await {
            deaths += done.unwrap();
        }
        assert!(deaths > KILLS, "the server hardly ever died under anybody: {deaths}");
        server.kill();
        t.clock.set(chrono_now() + chrono::Duration::hours(2));
        t.run_jobs(&server::registry()).await;
        for (_, quote) in cases {
            let rows = payment_rows::Entity::find().filter(payment_rows::Column::QuoteId.eq(quote)).all(t.conn()).await.unwrap();
            let at_gateway = |row: &&payment_rows::Model| {
                row.metadata.as_ref().and_then(|it| it["gateway_status"].as_str()) == Some("succeeded")
            };
            let booked = |row: &&payment_rows::Model| row.payment_status == payment_rows::PaymentStatus::Completed;
            assert_eq!(rows.iter().filter(at_gateway).count(), 2, "a deposit and a balance, each once: {rows:#?}");
            assert_eq!(rows.iter().filter(booked).count(), 2, "{rows:#?}");
            assert!(rows.iter().filter(booked).all(|row| at_gateway(&row)));
            assert!(payments::balance(t.conn(), quote).await.unwrap().due.is_zero());
            let status = quotes::Entity::find_by_id(quote).one(t.conn()).await.unwrap().unwrap().status;
            assert_eq!(status, QuoteStatus::Confirmed);
        }
        let report = payments::service::verify::bookings(&t.app, |_| {}).await.unwrap();
        assert!(report.is_ok(), "{:#?}", report.faults);
        println!("{KILLS} kills, {deaths} requests that died with the server");
    }
}

#[expect(clippy::disallowed_methods, reason = "the server under test runs on the machine's clock")]
fn chrono_now() -> kernel::Timestamp {
    use chrono::SubsecRound;
    chrono::Utc::now().trunc_subsecs(0)
}
