//! No answer a clinic can get before confirmation tells who the patient is: every documented GET and every page, with
//! every id of the case, at every stage, with the pictures and mails behind it; and what it sends is answered without a
//! word of it (R-ID-59, R-ID-61).

use std::collections::BTreeSet;

use kernel::Guard;
use serde_json::{Value as Json, json};
use testkit::{Client, Reply, TestApp, both};

use crate::page_doors::pages;
use crate::steps::{self, BIRTHDAY, CITY, EMAIL, PHONE, PICTURE_SECRET};
use crate::tab::{cookie_of, tab};
use crate::world::World;

/// The stages at which every id an answer names is tried on every route: with offers, with a winner, with a loser.
const DEEP: [&str; 3] = ["quoted, the other", "accepted, the winner", "confirmed, the loser"];

/// What a clinic must never read before confirmation.
fn forbidden(name_known: bool) -> Vec<String> {
    let phone = PHONE.trim_start_matches("+44").to_owned();
    let mut words = vec![
        "Doe".to_owned(),
        EMAIL.to_owned(),
        "john.doe".to_owned(),
        phone,
        "7700 900123".to_owned(),
        BIRTHDAY.to_owned(),
        CITY.to_owned(),
        PICTURE_SECRET.to_owned(),
        "IMG_John".to_owned(),
    ];
    if !name_known {
        words.push("John".to_owned());
    }
    words
}

/// What a page tells, without the time zones everybody may choose: some sound like names.
fn told(reply: &Reply) -> String {
    let is_zone = |line: &str| line.trim_start().starts_with("<option value=\"") && line.contains(" (UTC");
    reply.text().lines().filter(|line| !is_zone(line)).collect::<Vec<_>>().join("\n")
}

/// A path with its parameters filled by every known id; where it has several, by those of the case itself.
fn filled(path: &str, ids: &BTreeSet<String>, case: &BTreeSet<String>) -> BTreeSet<String> {
    let ids = if path.matches('{').count() > 1 { case } else { ids };
    let mut filled = BTreeSet::from([path.to_owned()]);
    while filled.iter().any(|path| path.contains('{')) {
        filled = filled
            .iter()
            .flat_map(|path| {
                let (start, rest) = path.split_once('{').unwrap();
                let end = rest.split_once('}').unwrap().1;
                ids.iter().map(move |id| format!("{start}{id}{end}")).collect::<Vec<_>>()
            })
            .collect();
    }
    filled
}

/// Every documented path of a method.
fn paths(method: &str) -> Vec<String> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths.iter().filter(|(_, item)| item.get(method).is_some()).map(|(path, _)| format!("/api/v1{path}")).collect()
}

/// Ids and signed links anywhere in an answer.
fn collect(json: &Json, ids: &mut BTreeSet<String>, links: &mut BTreeSet<String>) {
    match json {
        Json::String(text) if text.len() == 36 && text.matches('-').count() == 4 => drop(ids.insert(text.clone())),
        Json::String(text) if text.starts_with("/files/") => drop(links.insert(text.clone())),
        Json::Array(items) => items.iter().for_each(|item| collect(item, ids, links)),
        Json::Object(members) => members.values().for_each(|member| collect(member, ids, links)),
        _ => {}
    }
}

/// Reads everything a clinic can reach and looks for the patient in it. Answers how much was read.
async fn walk(world: &World, place: usize, stage: &str, name_known: bool, known: &BTreeSet<String>) -> usize {
    let clinic = world.clinic(place).await;
    // Where a case has most to tell, what an answer names is asked for in a next round. Words do not depend on the
    // database: once is enough.
    let rounds = if world.t.engine == testkit::Engine::Sqlite && DEEP.contains(&stage) { 2 } else { 1 };
    walk_rounds(world, (place, &clinic), stage, name_known, known, rounds).await
}

async fn walk_rounds(
    world: &World,
    (place, clinic): (usize, &Client),
    stage: &str,
    name_known: bool,
    known: &BTreeSet<String>,
    rounds: usize,
) -> usize {
    let words = forbidden(name_known);
    let (mut ids, mut links) = (known.clone(), BTreeSet::new());
    let (mut seen, mut read) = (BTreeSet::new(), 0);
    let mut open = paths("get");
    for _ in 0..rounds {
        let mut closed = BTreeSet::new();
        for path in &open {
            for address in filled(path, &ids.clone(), known) {
                if !seen.insert(address.clone()) {
                    continue;
                }
                let reply = clinic.get(&address).await;
                assert!(reply.status.as_u16() < 500, "{stage}: {address} answers {}: {}", reply.status, reply.text());
                let text = reply.text();
                for word in &words {
                    assert!(!text.contains(word.as_str()), "{stage}: {address} tells {word}:\n{text}");
                }
                if reply.status.is_success() {
                    read += 1;
                    collect(&reply.json, &mut ids, &mut links);
                }
                // Routes of others' portals refuse before they look at an id.
                if reply.json["code"] == "wrong_guard" {
                    closed.insert(path.clone());
                    break;
                }
            }
        }
        open.retain(|path| !closed.contains(path));
    }
    // Signed links open in the browser as well as here, for those they were made for.
    let side = &world.clinics[place];
    let actor = testkit::actors::clinic_owner(side.clinic.owner, side.id());
    for link in &links {
        let token = link.trim_start_matches("/files/");
        if let Ok(file) = platform::files::verify(&world.t.app, &actor, token) {
            let stored = platform::files::load(world.t.conn(), file).await.unwrap();
            let bytes = platform::files::read(&world.t.app, &stored).await.unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("GPS") && !text.contains("JOHN"), "{stage}: a picture carries its metadata");
            read += 1;
        }
    }
    read
}

/// Reads every page of the clinic's portal, with every id, as its owner's browser does.
async fn walk_pages(world: &World, clinic: usize, stage: &str, name_known: bool, known: &BTreeSet<String>) -> usize {
    // Words do not depend on the database: hundreds of pages are read once.
    if world.t.engine != testkit::Engine::Sqlite {
        return 0;
    }
    let words = forbidden(name_known);
    let owner = world.clinics[clinic].clinic.owner.any();
    let cookie = cookie_of(world, Guard::Provider, owner).await;
    let browser = tab(world, &[("hairline_session", &cookie)]);
    let mut read = 0;
    for route in pages(&world.t.app).iter().filter(|route| route.reads && route.path.starts_with("/provider")) {
        for address in filled(&route.path, known, known) {
            let reply = browser.get(&address).await;
            assert!(reply.status.as_u16() < 500, "{stage}: {address} answers {}: {}", reply.status, reply.text());
            let text = told(&reply);
            for word in &words {
                assert!(!text.contains(word.as_str()), "{stage}: {address} tells {word}:\n{text}");
            }
            read += usize::from(reply.status.is_success());
        }
    }
    read
}

/// Sends everything a clinic may send, with every id and nothing in it: refusals tell nothing either. What succeeds
/// changes the case, so this comes when the clinic has lost it.
async fn send_everything(clinic: &Client, stage: &str, known: &BTreeSet<String>) -> usize {
    let words = forbidden(true);
    let mut sent = 0;
    for method in ["post", "patch", "put", "delete"] {
        // Whoever signs out reads nothing any more, and staff's routes refuse other accounts before anything else.
        let leaves =
            |path: &String| ["/auth/", "/oauth/", "/sessions", "/me", "/admin/"].iter().any(|part| path.contains(part));
        let addresses = paths(method).into_iter().flat_map(|path| filled(&path, known, known));
        for address in addresses.filter(|path| !leaves(path)) {
            let reply = match method {
                "post" => clinic.post(&address, json!({})).await,
                "patch" => clinic.patch(&address, json!({})).await,
                "put" => clinic.put(&address, json!({})).await,
                _ => clinic.delete(&address).await,
            };
            assert!(reply.status.as_u16() < 500, "{stage}: {method} {address}: {} {}", reply.status, reply.text());
            let is_signed_in = reply.status != 401 || reply.json["code"] == "wrong_guard";
            assert!(is_signed_in, "{stage}: {method} {address} ended the session");
            let text = told(&reply);
            for word in &words {
                assert!(!text.contains(word.as_str()), "{stage}: {method} {address} tells {word}:\n{text}");
            }
            sent += 1;
        }
    }
    sent
}

/// The answer to something a clinic did tells nothing.
#[track_caller]
fn silent(reply: testkit::Reply, status: u16) -> testkit::Reply {
    let reply = reply.assert_status(status);
    for word in forbidden(false) {
        assert!(!reply.text().contains(&word), "it tells {word}: {}", reply.text());
    }
    reply
}

/// John's request with an offer of each clinic.
struct Offered {
    patient: Client,
    first: Client,
    inquiry: String,
    quote: String,
    other: String,
    known: BTreeSet<String>,
}

async fn offered(world: &World) -> Offered {
    let patient = steps::register(world, "John", "Doe", EMAIL, PHONE).await;
    let me = patient.get("/api/v1/me").await.assert_status(200).str("/id").to_owned();
    let inquiry = steps::file_inquiry(world, &patient).await;
    let (first, second) = (world.clinic(0).await, world.clinic(1).await);
    for clinic in [&first, &second] {
        silent(clinic.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await, 200);
    }
    let quote = steps::quote(world, &first, &inquiry, 0, 3000).await;
    let other = steps::quote(world, &second, &inquiry, 1, 3500).await;
    let known = BTreeSet::from([inquiry.clone(), quote.clone(), other.clone(), me]);
    Offered { patient, first, inquiry, quote, other, known }
}

fn mails_to_clinics(world: &World, stage: &str, name_known: bool) {
    for mail in world.t.app.mailer.sent().iter().filter(|mail| !mail.to.contains("patients.example")) {
        for word in forbidden(name_known) {
            assert!(
                !mail.text.contains(&word) && !mail.subject.contains(&word),
                "{stage}: a mail to {} tells {word}",
                mail.to
            );
        }
    }
}

both! {
    async fn no_clinic_learns_who_it_is_before_confirmation(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let me = patient.get("/api/v1/me").await.assert_status(200);
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let first = world.clinic(0).await;
        let second = world.clinic(1).await;
        let mut known = BTreeSet::from([inquiry.clone(), me.str("/id").to_owned()]);
        let mut read = walk(&world, 0, "distributed", false, &known).await;
        read += walk_pages(&world, 0, "distributed", false, &known).await;

        for clinic in [&first, &second] {
            silent(clinic.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await, 200);
        }
        let quote = steps::quote(&world, &first, &inquiry, 0, 3000).await;
        let other = steps::quote(&world, &second, &inquiry, 1, 3500).await;
        known.extend([quote.clone(), other.clone()]);
        // What a clinic does with its offer answers as little as what it reads.
        let offer = silent(second.get(&format!("/api/v1/quotes/{other}")).await, 200);
        let change = json!({ "version": offer.at("/version"), "note": "We will fetch you from the airport." });
        silent(second.patch(&format!("/api/v1/quotes/{other}"), change).await, 200);
        silent(second.post(&format!("/api/v1/quotes/{other}/price-preview"), json!({})).await, 200);
        let late = json!({ "version": offer.at("/version"), "note": "We will fetch you from your hotel." });
        silent(second.patch(&format!("/api/v1/quotes/{other}"), late).await, 409);
        // The patient gives the phone number away in the thread; the clinic must not read it.
        let threads = patient.get("/api/v1/conversations").await.assert_status(200);
        for row in threads.at("/data").as_array().unwrap() {
            let thread = row["id"].as_str().unwrap();
            let text = format!("Hello, I am John Doe, write to {EMAIL} or call {PHONE} please.");
            let sent = patient.post(&format!("/api/v1/conversations/{thread}/messages"), json!({ "content": text })).await;
            assert!(!sent.assert_status(201).text().contains(EMAIL));
        }
        world.run_jobs().await;
        read += walk(&world, 1, "quoted, the other", false, &known).await;
        let opened = second.get("/api/v1/conversations").await.assert_status(200);
        known.extend(opened.at("/data").as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        read += walk_pages(&world, 1, "quoted, the other", false, &known).await;

        mails_to_clinics(&world, "quoted", false);
        steps::accept(&patient, &quote).await.assert_status(200);
        world.run_jobs().await;
        read += walk(&world, 1, "accepted, the loser", false, &known).await;
        read += walk_pages(&world, 1, "accepted, the loser", false, &known).await;
        mails_to_clinics(&world, "accepted", true);
        assert!(read > 30, "only {read} answers were readable");

        // The walk can find something: after confirmation the winner reads the name, the loser still does not.
        steps::pay(&world, &patient, &quote, "deposit").await;
        let first = world.clinic(0).await;
        assert!(first.get(&format!("/api/v1/inquiries/{inquiry}")).await.text().contains(EMAIL));
        let second = world.clinic(1).await;
        walk(&world, 1, "confirmed, the loser", false, &known).await;
        walk_pages(&world, 1, "confirmed, the loser", false, &known).await;
        // Words do not depend on the database: thousands of refusals are read once.
        if world.t.engine == testkit::Engine::Sqlite {
            let ids = BTreeSet::from([inquiry.clone(), other.clone(), me.str("/id").to_owned()]);
            let sent = send_everything(&second, "confirmed, the loser", &ids).await;
            assert!(sent > 100, "only {sent} were sent");
        }
    }

    // The winner between acceptance and payment reads "John D." and no more; when the hold ends only the code is left. Neither a
    // request that is cancelled nor an offer that is declined opens anything (R-ID-59, R-IQ-61).
    async fn no_clinic_learns_who_it_is_where_a_case_ends(t: TestApp) {
        let world = World::new(t).await;
        let Offered { patient, first, inquiry, quote, other, known } = offered(&world).await;
        let decline = json!({ "reason": "My name is John Doe and it is too expensive." });
        patient.post(&format!("/api/v1/quotes/{other}/decline"), decline).await.assert_status(200);
        world.run_jobs().await;
        look(&world, 1, "declined", false, &known).await;
        // Whoever works for the clinic reads no more than its owner.
        for role in ["provider_clinical", "provider_billing", "provider_manager"] {
            let member = crate::identity_edges::member(&world, role, &format!("{role}@tr.example")).await;
            let client = crate::doors::session(&world, Guard::Provider, member.any()).await;
            let read = walk_rounds(&world, (0, &client), role, false, &known, 1).await;
            assert!(read > 3, "{role}: only {read} answers were readable");
        }

        steps::accept(&patient, &quote).await.assert_status(200);
        world.run_jobs().await;
        let case = first.get(&format!("/api/v1/inquiries/{inquiry}")).await.assert_status(200);
        assert!(case.text().contains("John D."), "the winner reads the first name: {}", case.text());
        look(&world, 0, "accepted, the winner", true, &known).await;

        world.t.advance(std::time::Duration::from_secs(49 * 3600));
        tick(&world).await;
        let first = world.clinic(0).await;
        let case = first.get(&format!("/api/v1/inquiries/{inquiry}")).await.assert_status(200);
        assert!(!case.text().contains("John D."), "the hold has ended: {}", case.text());
        look(&world, 0, "the hold has ended", false, &known).await;

        let patient = world.patient(EMAIL).await;
        let cancel = json!({ "reason": "other", "notes": "I, John Doe, stay at home.", "feedback": "Doe" });
        patient.post(&format!("/api/v1/inquiries/{inquiry}/cancel"), cancel).await.assert_status(200);
        world.run_jobs().await;
        look(&world, 0, "cancelled", false, &known).await;
        mails_to_clinics(&world, "cancelled", true);
    }

    async fn no_clinic_learns_who_it_is_by_an_offer_that_ends(t: TestApp) {
        let world = World::new(t).await;
        let Offered { first, quote, other, known, .. } = offered(&world).await;
        let why = json!({ "reason": "The surgeon is ill until the summer." });
        silent(first.post(&format!("/api/v1/quotes/{quote}/withdraw"), why).await, 200);
        world.run_jobs().await;
        glance(&world, 0, "taken back", &known).await;

        world.t.advance(std::time::Duration::from_secs(49 * 3600));
        tick(&world).await;
        let admin = world.admin().await;
        let shown = admin.get(&format!("/api/v1/quotes/{other}")).await.assert_status(200);
        assert_eq!((shown.str("/status"), shown.str("/status_reason")), ("cancelled", "expired"));
        glance(&world, 1, "too late", &known).await;

        let why = json!({ "reason": "A test of the clinic that is not to be counted." });
        admin.post(&format!("/api/v1/quotes/{other}/archive"), why).await.assert_status(200);
        world.run_jobs().await;
        glance(&world, 1, "archived", &known).await;
        mails_to_clinics(&world, "archived", false);
    }
}

/// What one clinic can read of the case's own ids: offers that ended name nobody new.
async fn glance(world: &World, place: usize, stage: &str, known: &BTreeSet<String>) {
    let clinic = world.clinic(place).await;
    let read = walk_rounds(world, (place, &clinic), stage, false, known, 1).await;
    assert!(read > 3, "{stage}: only {read} answers were readable");
    walk_pages(world, place, stage, false, known).await;
}

/// Lets the clocks of offers and holds look once.
async fn tick(world: &World) {
    world.run_jobs().await;
    for clock in ["quoting.release_holds", "quoting.expire_quotes"] {
        let clock = world.registry.schedules.iter().find(|one| one.name == clock).unwrap();
        (clock.run)(&world.t.app).await.unwrap();
    }
    world.run_jobs().await;
}

/// Everything one clinic can read at a stage, over the API and on its pages.
async fn look(world: &World, clinic: usize, stage: &str, name_known: bool, known: &BTreeSet<String>) {
    let read = walk(world, clinic, stage, name_known, known).await;
    assert!(read > 10, "{stage}: only {read} answers were readable");
    walk_pages(world, clinic, stage, name_known, known).await;
}
